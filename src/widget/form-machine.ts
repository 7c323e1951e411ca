// The part of the machine that is in the first load: what can happen to the form before the engine is there. call-machine.ts
// asks it first, so that no rule stands twice.

import type { CallInput, CallState } from './call-state.js';

/** Where nothing has happened yet. */
export const initialState: CallState = { phase: 'form' };

/** The state after an input to the form, to the press on its button, or to what stands in its place. Anything else leaves the very same object. */
export function nextOfForm(state: CallState, input: CallInput): CallState {
  const { phase } = state;
  switch (input.type) {
    case 'submit':
      return phase === 'form' || phase === 'refused' ? { phase: 'checking', ask: input.ask } : state;
    case 'cancel':
      return phase === 'checking' || phase === 'refused' ? initialState : state;
    case 'reset':
      if (phase === 'form') return state.error ? initialState : state;
      return phase === 'checking' || phase === 'refused' || phase === 'fallback' ? initialState : state;
    case 'unreachable':
      return phase === 'form' ? { phase: 'fallback', because: 'unreachable' } : state;
    case 'closed':
      if (phase !== 'form' && phase !== 'fallback') return state;
      return { phase: 'fallback', because: input.hidden ? 'hidden' : 'closed' };
    case 'refused': {
      const { refused } = input;
      if (phase !== 'checking') return state;
      // A visitor can wait for their own network; for the proxy's, there is what the page put between the tags.
      if (refused.code === 'offline') return { phase: 'form', error: refused };
      return refused.code === 'unreachable' ? { phase: 'refused', ask: state.ask, refused } : state;
    }
    case 'challenge-solved':
    case 'confirm-country':
    case 'country-confirmed':
    case 'offer-slots':
    case 'choose-slot':
    case 'snapshot':
    case 'lost':
    case 'found':
    case 'forgotten':
      return state;
  }
}
