// A gate is a check that must pass before a phone may ring. Gates run in the order of the trigger path and stop at the first refusal.

import type { ProblemBody, ProblemCode } from '../../contract.js';

/** The content of a refusal, before it becomes a `ProblemBody` with its fixed title and the request's id. */
export type Problem = { readonly code: ProblemCode } & Partial<
  Pick<ProblemBody, 'reason' | 'country' | 'lengths' | 'retryAfterSeconds' | 'slots' | 'queue'>
>;

/** Outcome of a gate: a value for the rest of the path, or the reason why there is no call. */
export type Verdict<T> =
  | { readonly allowed: true; readonly value: T }
  | { readonly allowed: false; readonly problem: Problem };

/** Lets the request pass, with the gate's value. */
export const allow = <T>(value: T): Verdict<T> => ({ allowed: true, value });

/** Refuses the request. */
export const refuse = (problem: Problem): Verdict<never> => ({ allowed: false, problem });
