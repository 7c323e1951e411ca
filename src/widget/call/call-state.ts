// The phases a visitor can meet, as one discriminated union, and the inputs that move between them. Types alone: the transitions are
// in call-machine.ts, what each phase looks like in views/.

import type { CallSnapshot, CallStatus, Slot } from '../../contract.js';
import type { CallIntent, Problem } from '../api/result.js';

/** Every phase. `call` carries the newest snapshot; `lost` says that the stream is being rebuilt while the phase stays what it was. */
export type CallState =
  /** The form. `error` is shown at the field or above the button. */
  | { readonly phase: 'form'; readonly error?: Problem }
  /** Waiting for the challenge's solution. Cancellable. */
  | { readonly phase: 'checking'; readonly intent: CallIntent }
  /** "Is this a number in Austria?" */
  | { readonly phase: 'confirm-country'; readonly intent: CallIntent; readonly country: string }
  /** The request is under way. */
  | { readonly phase: 'asking'; readonly intent: CallIntent }
  /** Times are offered because it is too early or late, or because the visitor prefers one. */
  | {
      readonly phase: 'choosing';
      readonly intent: CallIntent;
      readonly slots: readonly Slot[];
      readonly because: 'outside-hours' | 'preferred' | 'closed';
      readonly error?: Problem;
    }
  /** A call exists and has not ended: scheduled, requested, created, queued, calling, ringing, in-progress. */
  | {
      readonly phase: 'following';
      readonly intent?: CallIntent;
      readonly call: CallSnapshot;
      readonly lost: boolean;
      readonly elsewhere: boolean;
    }
  /** The call has ended: completed, no-answer, busy, failed, cancelled, unknown. */
  | { readonly phase: 'ended'; readonly intent?: CallIntent; readonly call: CallSnapshot }
  /** Not now: limits, closed for the day, paused. Says when to come back. */
  | { readonly phase: 'refused'; readonly intent?: CallIntent; readonly problem: Problem }
  /** The business is closed or the proxy cannot help: the page's own content is shown. */
  | { readonly phase: 'fallback'; readonly because: 'unreachable' | 'closed' | 'hidden' };

/** What can happen. */
export type CallInput =
  | { readonly type: 'submit'; readonly intent: CallIntent }
  | { readonly type: 'challenge-solved' }
  | { readonly type: 'confirm-country'; readonly country: string }
  | { readonly type: 'country-confirmed' }
  | {
      readonly type: 'offer-slots';
      readonly slots: readonly Slot[];
      readonly because: 'outside-hours' | 'preferred' | 'closed';
    }
  | { readonly type: 'choose-slot'; readonly at: string }
  /** `told`: heard from another element or tab. `elsewhere`: another tab asked. `ask`: what was asked for, where the page did not ask itself (a resumed call). */
  | {
      readonly type: 'snapshot';
      readonly call: CallSnapshot;
      readonly told?: boolean;
      readonly elsewhere?: boolean;
      readonly intent?: CallIntent;
    }
  | { readonly type: 'lost' }
  | { readonly type: 'found' }
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'cancel' }
  | { readonly type: 'reset' }
  | { readonly type: 'unreachable' }
  | { readonly type: 'closed'; readonly hidden: boolean }
  /** The call is not known any more (its capability was forgotten or retention passed). */
  | { readonly type: 'forgotten' };

/** Name used for `:state(…)`, `part="phase-…"` and strings: the call's status while one is followed, else the phase. */
export const stateName = (state: CallState): string =>
  state.phase === 'following' || state.phase === 'ended' ? statusName(state.call.status) : state.phase;

const statusName = (status: CallStatus): string => (status === 'in-progress' ? 'talking' : status);
