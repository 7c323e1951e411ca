// next(state, input): every phase a call can be in. Pure: no clock, no network, no storage. An input that does not belong to
// a phase (a superseded answer, a second click) gives the same state back, the very same object. The rules of the form itself,
// which the first load needs, are in form-machine.ts.

import { isTerminal, type CallSnapshot, type ProblemCode } from '../../contract.js';
import type { Ask, CallInput, CallState, Refused } from './call-state.js';
import { initialState, nextOfForm } from './form-machine.js';

/** The state after an input. */
export function next(state: CallState, input: CallInput): CallState {
  const early = nextOfForm(state, input);
  if (early !== state) return early;
  switch (input.type) {
    case 'submit':
      return canSubmit(state) ? { phase: 'checking', ask: input.ask } : state;
    case 'challenge-solved':
      return state.phase === 'checking' ? { phase: 'asking', ask: state.ask } : state;
    case 'confirm-country':
      return isAsking(state) ? { phase: 'confirm-country', ask: state.ask, country: input.country } : state;
    case 'country-confirmed':
      if (state.phase !== 'confirm-country') return state;
      return { phase: 'checking', ask: { ...state.ask, country: state.country, countryConfirmed: true } };
    case 'offer-slots':
      if (!isAsking(state) && state.phase !== 'choosing') return state;
      return { phase: 'choosing', ask: state.ask, slots: input.slots, because: input.because };
    case 'choose-slot':
      return state.phase === 'choosing' ? { phase: 'checking', ask: { ...state.ask, scheduleAt: input.at } } : state;
    case 'snapshot':
      return onSnapshot(state, input);
    case 'lost':
      return state.phase === 'following' && !state.lost ? { ...state, lost: true } : state;
    case 'found':
      return state.phase === 'following' && state.lost ? { ...state, lost: false } : state;
    case 'refused':
      return isAsking(state) || state.phase === 'choosing' ? onRefused(state, input.refused) : state;
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
  const { call, elsewhere = false, told = false, ask: asked } = input;
  switch (state.phase) {
    case 'following': {
      const { call: known, ask } = state;
      if (call.id !== known.id || call.seq < known.seq) return state;
      if (call.seq === known.seq && !state.lost && elsewhere === state.elsewhere) return state;
      return follow(call, elsewhere, ask);
    }
    // What this element asked for is answered in person: another's call does not answer it.
    case 'asking':
      return told ? state : follow(call, elsewhere, state.ask);
    // Another was quicker: there is one call per visitor.
    case 'checking':
    case 'confirm-country':
    case 'choosing':
      return told ? follow(call, elsewhere, state.ask) : state;
    case 'form':
    case 'fallback':
      return follow(call, elsewhere, asked);
    case 'refused':
      return follow(call, elsewhere, state.ask);
    case 'ended':
      return state;
  }
}

function follow(call: CallSnapshot, elsewhere: boolean, ask: Ask | undefined): CallState {
  const asked = ask === undefined ? {} : { ask };
  return isTerminal(call.status)
    ? { phase: 'ended', call, ...asked }
    : { phase: 'following', call, lost: false, elsewhere, ...asked };
}

function onRefused(state: Asking | Extract<CallState, { phase: 'choosing' }>, refused: Refused): CallState {
  const { ask } = state;
  if (refused.reason === 'confirm-country') {
    return { phase: 'confirm-country', ask, country: refused.country ?? ask.country };
  }
  if (refused.slots !== undefined && refused.slots.length > 0) {
    const offer = { phase: 'choosing', ask, slots: refused.slots, because: 'outside-hours' } as const;
    // A slot that was taken meanwhile is said; being outside the hours is the offer itself.
    return refused.code === 'slot-not-open' ? { ...offer, error: refused } : offer;
  }
  if (state.phase === 'choosing') return { ...state, error: refused };
  return mendable.includes(refused.code) ? { phase: 'form', error: refused } : { phase: 'refused', ask, refused };
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
