// The stages of an accepted call that stage-marks.ts notes.

/** The stages of an accepted call, in order. */
export const stages = [
  'checks that need no database, body, lookups, gates',
  'statements of the reservation',
  'first commit',
  'until the request to PolyAI is written',
  'PolyAI answers',
  'until the second transaction begins',
  'statements that record the answer',
  'second commit',
  'until the response is written',
] as const;
