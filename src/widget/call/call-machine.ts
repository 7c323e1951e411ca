// next(state, input): the one reducer of a call's phases. Pure: no clock, no network, no storage. An input that does not apply to a
// phase (a superseded response, a second click) returns the same state object.

import { type CallSnapshot, isTerminal, type ProblemCode } from '../../contract.js';
import type { CallIntent, Problem } from '../api/result.js';
import { type Called, type CallInput, type CallPhase, initialState } from './call-state.js';

/** The state after an input. */
export function next(state: CallPhase, input: CallInput): CallPhase {
  const { phase } = state;
  switch (input.type) {
    case 'submit':
      // A press during a submission or a call is a double click.
      return phase === 'form' || phase === 'refused' || phase === 'choosing' || phase === 'ended'
        ? { phase: 'checking', intent: input.intent }
        : state;
    case 'challenge-solved':
      return phase === 'checking' ? { phase: 'submitting', intent: state.intent } : state;
    case 'resubmit':
      return phase === 'form' ? { phase: 'submitting', intent: input.intent } : state;
    case 'country-confirmed':
      if (phase !== 'confirm-country') return state;
      return { phase: 'checking', intent: { ...state.intent, country: state.country, countryConfirmed: true } };
    case 'offer-slots':
      // A refusal may have come with times.
      if (!isSubmitting(state) && phase !== 'refused') return state;
      return { phase: 'choosing', intent: state.intent, slots: input.slots, because: input.because };
    case 'choose': {
      if ((phase !== 'choosing' && phase !== 'refused' && phase !== 'ended') || !state.intent) return state;
      const { scheduleAt: _, queue: __, ...intent } = state.intent;
      return { phase: 'checking', intent: { ...intent, ...input.choice } };
    }
    case 'refused':
      return isSubmitting(state) ? refuse(state.intent, input.problem) : state;
    case 'accepted':
      return phase === 'submitting' ? show(input.call, false, { intent: input.intent }) : state;
    case 'resumed': {
      const { call, elsewhere, maskedPhone } = input;
      // A stored call may be hours old: it is marked as such until the proxy has answered.
      return phase === 'form' ? show(call, elsewhere, maskedPhone ? { maskedPhone } : {}, true) : state;
    }
    case 'redialed':
      return phase === 'ended' ? show(input.call, false, state) : state;
    case 'relayed':
      return relay(state, input.call, input.elsewhere);
    case 'snapshot': {
      const { call } = input;
      // After the end, a newer snapshot has the agent's report, never another status.
      if (phase === 'ended')
        return call.id === state.call.id && call.seq > state.call.seq && call.status === state.call.status
          ? show(call, false, state)
          : state;
      if (phase !== 'following' || call.id !== state.call.id || call.seq < state.call.seq) return state;
      // A place in the queue changes without a journal item.
      const isNew = call.seq > state.call.seq || state.lost || (call.queue && call.status === state.call.status);
      return isNew ? show(call, state.elsewhere, state) : state;
    }
    case 'lost':
      return phase === 'following' && !state.lost ? { ...state, lost: true } : state;
    case 'found':
      return phase === 'following' && state.lost ? { ...state, lost: false } : state;
    case 'forgotten':
      return phase === 'following' || phase === 'submitting' ? initialState : state;
    case 'cancel':
      // A request that was sent cannot be recalled.
      return phase === 'checking' || phase === 'confirm-country' || phase === 'choosing' || phase === 'refused'
        ? initialState
        : state;
    case 'reset':
      return canReset(state) ? initialState : state;
    case 'leave':
      return canReset(state) || (phase === 'following' && isWaiting(state.call)) ? initialState : state;
  }
}

/** True for a call that is not ringing yet. */
export const isWaiting = ({ status }: CallSnapshot): boolean =>
  status === 'requested' || status === 'created' || status === 'queued' || status === 'calling';

type Submitting = Extract<CallPhase, { phase: 'checking' | 'submitting' }>;

const isSubmitting = (state: CallPhase): state is Submitting =>
  state.phase === 'checking' || state.phase === 'submitting';

/** A call in progress stays in view; a scheduled one can be left (it is found again), and so can one whose connection is lost. */
function canReset(state: CallPhase): boolean {
  switch (state.phase) {
    case 'following':
      return state.call.status === 'scheduled' || state.lost;
    case 'form':
      return state.error !== undefined;
    case 'checking':
    case 'confirm-country':
    case 'choosing':
    case 'refused':
    case 'ended':
      return true;
    case 'submitting':
      return false;
  }
}

/** There is one call per visitor: an element that has not sent a request shows the call in progress. */
function relay(state: CallPhase, call: CallSnapshot, elsewhere: boolean): CallPhase {
  switch (state.phase) {
    case 'following':
      if (call.id !== state.call.id || call.seq < state.call.seq) return state;
      if (call.seq === state.call.seq && !state.lost && elsewhere === state.elsewhere) return state;
      return show(call, elsewhere, state);
    case 'form':
    case 'checking':
    case 'confirm-country':
    case 'choosing':
    case 'refused':
      return show(call, elsewhere, {});
    // The proxy answers this element's own request: another element's call does not.
    case 'submitting':
    case 'ended':
      return state;
  }
}

function show(call: CallSnapshot, elsewhere: boolean, { intent, maskedPhone }: Called, lost = false): CallPhase {
  const called = { ...(intent && { intent }), ...(maskedPhone !== undefined && { maskedPhone }) };
  return isTerminal(call.status)
    ? { phase: 'ended', call, ...called }
    : { phase: 'following', call, lost, elsewhere, ...called };
}

function refuse(intent: CallIntent, problem: Problem): CallPhase {
  if (problem.reason === 'confirm-country')
    return { phase: 'confirm-country', intent, country: problem.country ?? intent.country };
  // Where a limit is what stands in the way, the visitor first reads that, and may also wait in the queue.
  if (problem.code !== 'busy' && problem.slots !== undefined && problem.slots.length > 0) {
    const offer = { phase: 'choosing', intent, slots: problem.slots, because: 'outside-hours' } as const;
    // A time that was taken in the meantime is reported; being outside the hours is why times are offered.
    return problem.code === 'slot-not-open' ? { ...offer, error: problem } : offer;
  }
  return correctable.includes(problem.code) ? { phase: 'form', error: problem } : { phase: 'refused', intent, problem };
}

/** True for a problem that the visitor can correct in the form. Everything else takes time, or somebody else. */
const correctable: readonly (ProblemCode | 'offline' | 'unreachable')[] = [
  'number-refused',
  'consent-required',
  'consent-outdated',
  'challenge-required',
  'challenge-failed',
  'invalid-request',
  'request-timeout',
  'offline',
];
