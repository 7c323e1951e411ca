// What a challenge's answer turns out to be. Both kinds say it in these words; the gate turns them into a verdict.

/** Who asks for what. An answer given for one of these is worth nothing for another. */
export interface ChallengeBinding {
  /** Origin of the page, as the browser names it. */
  readonly site: string;
  readonly action: 'call';
  /** The visitor's bucket: IPv4 /32 or IPv6 /64. */
  readonly addressBucket: string;
}

/** Outcome of judging an answer. `why` is for the log and never leaves the server. */
export type Verification =
  | {
      readonly ok: true;
      /** What the store marks as used in the reservation's transaction. */
      readonly challengeId: string;
      /** Until when the mark must be kept, epoch milliseconds. Much later than the answer's own end: see {@link keepMarkMs}. */
      readonly expiresAt: number;
    }
  /** The answer is wrong. */
  | { readonly ok: false; readonly because: 'failed'; readonly why: string }
  /** It cannot be told. No call. */
  | { readonly ok: false; readonly because: 'unavailable'; readonly why: string };

/** For how long an answer can be used, milliseconds. */
export const challengeLifeMs: number = 5 * 60_000;

/** How far the clocks of two instances, or ours and a service's, may stand apart, milliseconds. */
export const clockSkewMs = 30_000;

/**
 * For how much longer than its life a used answer is remembered, milliseconds. A clock that leaps forwards lets the store forget
 * what has expired; when it leaps back, the answer would be alive again and could be used twice.
 */
export const keepMarkMs: number = 24 * 60 * 60_000;

/** True while an answer made at `issuedAt` can be used. A clock that says nonsense makes it false. */
export const isAlive = (issuedAt: number, now: number): boolean =>
  issuedAt <= now + clockSkewMs && now < issuedAt + challengeLifeMs;

/** The answer is wrong. */
export const failed = (why: string): Verification => ({ ok: false, because: 'failed', why });

/** It cannot be told. */
export const unavailable = (why: string): Verification => ({ ok: false, because: 'unavailable', why });
