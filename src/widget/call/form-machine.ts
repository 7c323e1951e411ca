// The part of the machine that is in the first load: what can happen to the form before the engine is there. call-machine.ts
// asks it first, so that no rule stands twice.

import type { CallInput, CallState } from './call-state.js';

/** Where nothing has happened yet. */
export const initialState: CallState = { phase: 'form' };

/** The state after an input to the form, to the press on its button, or to what stands in its place. Anything else leaves the very same object. */
export function nextOfForm(state: CallState, input: CallInput): CallState {
  const { phase } = state;
  const { type } = input;
  // No switch: the inputs that are not the form's would all be named in the first load.
  if (type === 'submit' && (phase === 'form' || phase === 'refused'))
    return { phase: 'checking', intent: input.intent };
  if (type === 'cancel' && (phase === 'checking' || phase === 'refused')) return initialState;
  if (type === 'reset') {
    if (phase === 'form') return state.error ? initialState : state;
    if (phase === 'checking' || phase === 'refused' || phase === 'fallback') return initialState;
  }
  if (type === 'unreachable' && phase === 'form') return { phase: 'fallback', because: 'unreachable' };
  if (type === 'closed' && (phase === 'form' || phase === 'fallback'))
    return { phase: 'fallback', because: input.hidden ? 'hidden' : 'closed' };
  if (type === 'refused' && phase === 'checking') {
    const { problem } = input;
    // A visitor can wait for their own network; for the proxy's, there is what the page put between the tags.
    if (problem.code === 'offline') return { phase: 'form', error: problem };
    if (problem.code === 'unreachable') return { phase: 'refused', intent: state.intent, problem };
  }
  return state;
}
