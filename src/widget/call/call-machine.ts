// next(state, input): every phase a call can be in. Pure: no clock, no network, no storage. An input that does not belong to
// a phase (a superseded answer, a second click) gives the same state back, the very same object. The rules of the form itself,
// which the first load needs, are in form-machine.ts.

import type { CallIntent, Problem } from '../api/result.js';
import { isTerminal, type CallSnapshot, type ProblemCode } from '../../contract.js';
import type { CallInput, CallState } from './call-state.js';
import { initialState, nextOfForm } from './form-machine.js';

/** The state after an input. */
export function next(state: CallState, input: CallInput): CallState {
  const early = nextOfForm(state, input);
  if (early !== state) return early;
  switch (input.type) {
    case 'submit':
      return canSubmit(state) ? { phase: 'checking', intent: input.intent } : state;
    case 'challenge-solved':
      return state.phase === 'checking' ? { phase: 'asking', intent: state.intent } : state;
    case 'confirm-country':
      return isAsking(state) ? { phase: 'confirm-country', intent: state.intent, country: input.country } : state;
    case 'country-confirmed':
      if (state.phase !== 'confirm-country') return state;
      return { phase: 'checking', intent: { ...state.intent, country: state.country, countryConfirmed: true } };
    case 'offer-slots':
      if (!isAsking(state) && state.phase !== 'choosing') return state;
      return { phase: 'choosing', intent: state.intent, slots: input.slots, because: input.because };
    case 'choose-slot':
      return state.phase === 'choosing'
        ? { phase: 'checking', intent: { ...state.intent, scheduleAt: input.at } }
        : state;
    case 'snapshot':
      return onSnapshot(state, input);
    case 'lost':
      return state.phase === 'following' && !state.lost ? { ...state, lost: true } : state;
    case 'found':
      return state.phase === 'following' && state.lost ? { ...state, lost: false } : state;
    case 'refused':
      return isAsking(state) || state.phase === 'choosing' ? onRefused(state, input.problem) : state;
    case 'cancel':
      return canCancel(state) ? initialState : state;
    case 'reset':
      return canReset(state) ? initialState : state;
    case 'forgotten':
      return state.phase === 'following' ? initialState : state;
    case 'unreachable':
    case 'closed':
      return state;
  }
}

type Asking = Extract<CallState, { phase: 'checking' | 'asking' }>;

const isAsking = (state: CallState): state is Asking => state.phase === 'checking' || state.phase === 'asking';

/** A press while one is under way, or while a call runs, is a double click. */
function canSubmit({ phase }: CallState): boolean {
  return phase === 'choosing' || phase === 'ended';
}

/** Once the request is out it cannot be called back. */
function canCancel({ phase }: CallState): boolean {
  return phase === 'confirm-country' || phase === 'choosing';
}

/** A running call stays in view; a scheduled one can be left (it is found again), and one that is lost sight of. */
function canReset(state: CallState): boolean {
  switch (state.phase) {
    case 'following':
      return state.call.status === 'scheduled' || state.lost;
    case 'confirm-country':
    case 'choosing':
    case 'ended':
      return true;
    case 'form':
    case 'checking':
    case 'asking':
    case 'refused':
    case 'fallback':
      return false;
  }
}

function onSnapshot(state: CallState, input: Extract<CallInput, { type: 'snapshot' }>): CallState {
  const { call, elsewhere = false, told = false, intent: asked } = input;
  switch (state.phase) {
    case 'following': {
      const { call: known, intent } = state;
      if (call.id !== known.id || call.seq < known.seq) return state;
      if (call.seq === known.seq && !state.lost && elsewhere === state.elsewhere) return state;
      return follow(call, elsewhere, intent);
    }
    // What this element asked for is answered in person: another's call does not answer it.
    case 'asking':
      return told ? state : follow(call, elsewhere, state.intent);
    // Another was quicker: there is one call per visitor.
    case 'checking':
    case 'confirm-country':
    case 'choosing':
      return told ? follow(call, elsewhere, state.intent) : state;
    case 'form':
    case 'fallback':
      return follow(call, elsewhere, asked);
    case 'refused':
      return follow(call, elsewhere, state.intent);
    case 'ended':
      return state;
  }
}

function follow(call: CallSnapshot, elsewhere: boolean, intent: CallIntent | undefined): CallState {
  const asked = intent === undefined ? {} : { intent };
  return isTerminal(call.status)
    ? { phase: 'ended', call, ...asked }
    : { phase: 'following', call, lost: false, elsewhere, ...asked };
}

function onRefused(state: Asking | Extract<CallState, { phase: 'choosing' }>, problem: Problem): CallState {
  const { intent } = state;
  if (problem.reason === 'confirm-country') {
    return { phase: 'confirm-country', intent, country: problem.country ?? intent.country };
  }
  if (problem.slots !== undefined && problem.slots.length > 0) {
    const offer = { phase: 'choosing', intent, slots: problem.slots, because: 'outside-hours' } as const;
    // A slot that was taken meanwhile is said; being outside the hours is the offer itself.
    return problem.code === 'slot-not-open' ? { ...offer, error: problem } : offer;
  }
  if (state.phase === 'choosing') return { ...state, error: problem };
  return mendable.includes(problem.code) ? { phase: 'form', error: problem } : { phase: 'refused', intent, problem };
}

/** What the visitor can put right in the form, now. Everything else is a matter of time, or of somebody else. */
const mendable: readonly (ProblemCode | 'offline' | 'unreachable')[] = [
  'number-refused',
  'consent-required',
  'consent-outdated',
  'challenge-required',
  'challenge-failed',
  'invalid-request',
  'request-timeout',
  'offline',
];
