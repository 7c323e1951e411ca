// How long a call may be between its reservation and the record of what became of it. Past that nobody can be placing it any more:
// it is lost, and becomes `unknown`.

/** Longest wait for a turn to send, milliseconds. */
export const longestTurnMs = 5_000;
/** Longest time the trigger itself takes: 10 s, a pause of up to 6 s and another 10 s with the one resend an operator may allow. */
const longestTriggerMs = 26_000;
/** Room for writing down how it ended while the store is locked by another process. */
const recordingMs = 9_000;

/** Milliseconds from the reservation to the deadline: 40,000. */
export const dispatchLifeMs: number = longestTurnMs + longestTriggerMs + recordingMs;
