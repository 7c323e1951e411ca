// The outcome of verifying a response to a challenge, shared by both kinds; the gate turns it into a verdict.

/** What a challenge is bound to. A response for one binding is worthless for another. */
export interface ChallengeBinding {
  /** Origin of the page, as the browser names it. */
  readonly site: string;
  readonly action: 'call';
  /** The visitor's bucket: IPv4 /32 or IPv6 /64. */
  readonly addressBucket: string;
}

/** Outcome of verifying a response. `why` is for the log and never leaves the server. */
export type Verification =
  | {
      readonly ok: true;
      /** What the store marks as used in the reservation's transaction. */
      readonly challengeId: string;
      /** Until when the mark must be kept, epoch milliseconds. Long after the response itself expires: see {@link keepMarkMs}. */
      readonly expiresAt: number;
    }
  /** The response is wrong. */
  | { readonly ok: false; readonly because: 'failed'; readonly why: string }
  /** It cannot be verified. No call. */
  | { readonly ok: false; readonly because: 'unavailable'; readonly why: string };

/** How long a response can be used, milliseconds. */
export const challengeLifeMs: number = 5 * 60_000;

/** How far the clocks of two instances, or ours and a service's, may differ, milliseconds. */
export const clockSkewMs = 30_000;

/**
 * How much longer than its life a used response is remembered, milliseconds. When a clock jumps forward, the store deletes what
 * has expired; when it jumps back, the response would be valid again and could be used twice.
 */
export const keepMarkMs: number = 24 * 60 * 60_000;

/** True while a response issued at `issuedAt` can be used. False for an implausible time. */
export const isAlive = (issuedAt: number, now: number): boolean =>
  issuedAt <= now + clockSkewMs && now < issuedAt + challengeLifeMs;

/** The response is wrong. */
export const failed = (why: string): Verification => ({ ok: false, because: 'failed', why });

/** It cannot be verified. */
export const unavailable = (why: string): Verification => ({ ok: false, because: 'unavailable', why });
