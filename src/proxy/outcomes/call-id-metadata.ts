// Our id of a call in the metadata of its trigger, so that the agent can name the call in its report. Sent only where reports are taken.

/** Key of the metadata. The agent's functions look for it (docs/outcomes.md). */
const callIdKey = 'callback_call_id';

/** The metadata of one call. */
export const callIdMetadata = (callId: string): Readonly<Record<string, string>> => ({ [callIdKey]: callId });
