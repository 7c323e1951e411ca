// The phases of a call as one discriminated union, and the inputs that move between them. The transitions are in call-machine.ts,
// the rendering in views/.

import type { CallSnapshot, CallStatus, Slot } from '../../contract.js';
import type { CallIntent, Choice, Problem } from '../api/result.js';

/** Every phase of a call. `call` carries the newest snapshot; `lost`: the stream is being rebuilt while the phase stays what it was. */
export type CallPhase =
  /** The form. `error` is shown at the field or above the button. */
  | { readonly phase: 'form'; readonly error?: Problem }
  /** Waiting for the challenge's solution. Can be canceled. */
  | { readonly phase: 'checking'; readonly intent: CallIntent }
  /** "Is this number in Austria?" */
  | { readonly phase: 'confirm-country'; readonly intent: CallIntent; readonly country: string }
  /** The request is under way. */
  | { readonly phase: 'submitting'; readonly intent: CallIntent }
  /** Times are offered because it is too early or late, or because the visitor prefers one. */
  | {
      readonly phase: 'choosing';
      readonly intent: CallIntent;
      readonly slots: readonly Slot[];
      readonly because: 'outside-hours' | 'preferred' | 'closed';
      readonly error?: Problem;
    }
  /** A call exists and has not ended: scheduled, requested, created, queued, calling, ringing, in-progress. */
  | ({
      readonly phase: 'following';
      readonly call: CallSnapshot;
      readonly lost: boolean;
      /** Another tab requested it. */
      readonly elsewhere: boolean;
    } & Called)
  /** The call has ended: completed, no-answer, busy, failed, cancelled, unknown. */
  | ({ readonly phase: 'ended'; readonly call: CallSnapshot } & Called)
  /** Not now: limits, closed for the day, paused. Says when to come back. */
  | { readonly phase: 'refused'; readonly intent: CallIntent; readonly problem: Problem };

/** The number being called, as far as this page knows. */
export interface Called {
  /** In the page that requested the call. */
  readonly intent?: CallIntent;
  /** After a reload, and in other elements: the number with most digits masked. */
  readonly maskedPhone?: string;
}

/** What the element shows: a phase of a call, or the page's own content in place of the form. */
export type CallState =
  | CallPhase
  /** The business is closed, or the proxy or a part of the element cannot be had. */
  | { readonly phase: 'fallback'; readonly because: Unavailable };

/** Why no call can be requested. `hidden`: closed, and the operator chose to show the page's own content. */
export type Unavailable = 'unreachable' | 'closed' | 'hidden';

/** The initial state. */
export const initialState: CallPhase = { phase: 'form' };

/** What can happen. */
export type CallInput =
  | { readonly type: 'submit'; readonly intent: CallIntent }
  | { readonly type: 'challenge-solved' }
  /** The previous page's request is resent: it was left before the response arrived. */
  | { readonly type: 'resubmit'; readonly intent: CallIntent }
  | { readonly type: 'country-confirmed' }
  | {
      readonly type: 'offer-slots';
      readonly slots: readonly Slot[];
      readonly because: 'outside-hours' | 'preferred' | 'closed';
    }
  /** Another call to the same number: at a time, from the queue, or now. */
  | { readonly type: 'choose'; readonly choice: Choice }
  | { readonly type: 'refused'; readonly problem: Problem }
  /** The answer to the request that is under way. */
  | { readonly type: 'accepted'; readonly call: CallSnapshot; readonly intent: CallIntent }
  /** A call this browser remembers. */
  | {
      readonly type: 'resumed';
      readonly call: CallSnapshot;
      readonly elsewhere: boolean;
      readonly maskedPhone?: string;
    }
  /** The missed call that was shown is tried once more. */
  | { readonly type: 'redialed'; readonly call: CallSnapshot }
  /** A call that another tab or element follows. */
  | { readonly type: 'relayed'; readonly call: CallSnapshot; readonly elsewhere: boolean }
  /** Progress of the call that is followed. */
  | { readonly type: 'snapshot'; readonly call: CallSnapshot }
  | { readonly type: 'lost' }
  | { readonly type: 'found' }
  /** The call is no longer known: its capability was forgotten, or its retention has passed. */
  | { readonly type: 'forgotten' }
  | { readonly type: 'cancel' }
  | { readonly type: 'reset' }
  /** The visitor leaves a call that is scheduled or stuck. */
  | { readonly type: 'leave' };

/** Names of the visible phases. `closed`: the fallback's reason has texts of its own. `queued`: also while waiting in the proxy's queue. */
export type PhaseName =
  | Exclude<CallState['phase'], 'following' | 'ended'>
  | Exclude<CallStatus, 'in-progress'>
  | 'talking'
  | 'closed';

/** Name used for `:state(…)`, `part="phase-…"` and strings: the call's status while one is followed, else the phase. */
export function phaseNameOf(state: CallState): PhaseName {
  if (state.phase === 'fallback') return state.because === 'closed' ? state.because : state.phase;
  if (state.phase !== 'following' && state.phase !== 'ended') return state.phase;
  const { status, scheduledFor, queue } = state.call;
  // Without a chosen time, it waits in the queue, also while its place is not known.
  if (status === 'scheduled' && (queue || !scheduledFor)) return 'queued';
  return status === 'in-progress' ? 'talking' : status;
}
