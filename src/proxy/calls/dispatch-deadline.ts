// The longest time between a call's reservation and the record of how placing ended. After that, no process can still be
// placing the call, so it counts as lost and becomes `unknown`.

/** Longest wait for a turn to send, milliseconds. */
export const longestTurnMs = 5_000;
/** Longest time the trigger itself takes: 10 s, a pause of up to 6 s and another 10 s with the one resend an operator may allow. */
const longestTriggerMs = 26_000;
/** Time to record the outcome while another process locks the store. */
const recordingMs = 9_000;

/** Milliseconds from the reservation to the deadline: 40,000. */
export const dispatchLifeMs: number = longestTurnMs + longestTriggerMs + recordingMs;
