// A gate is a check that must hold before a phone may ring. Gates run in the order of the trigger path and stop at the first refusal.

import type { ProblemBody, ProblemCode } from '../../contract.js';

/** What a refusal says, before it becomes a `ProblemBody` with its fixed title and the request's id. */
export type Problem = { readonly code: ProblemCode } & Partial<
  Pick<ProblemBody, 'reason' | 'country' | 'lengths' | 'retryAfterSeconds' | 'slots'>
>;

/** Outcome of a gate: what it found out (handed on down the path), or why the phone stays silent. */
export type Verdict<T> =
  | { readonly allowed: true; readonly value: T }
  | { readonly allowed: false; readonly problem: Problem };

/** Lets the request pass with what the gate found out. */
export const allow = <T>(value: T): Verdict<T> => ({ allowed: true, value });

/** Refuses the request. */
export const refuse = (problem: Problem): Verdict<never> => ({ allowed: false, problem });
