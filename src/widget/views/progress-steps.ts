// The ordered list of a call's progress: what is done, the current step, what is next; in words and in shape.

import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../contract.js';
import type { ViewModel } from './view-model.js';

const steps = ['requested', 'connecting', 'ringing', 'talking'] as const;

/** The list for a call that was placed; a scheduled one has no steps yet. */
export function stepList({ localizer }: ViewModel, call: CallSnapshot): TemplateResult | symbol {
  const reached = Math.max(...[call, ...call.history].map(({ status }) => stepOf(status)));
  if (reached < 0) return nothing;
  const isOpen = stepOf(call.status) >= 0;
  const isCompleted = call.status === 'completed';
  const last = isOpen ? 'now' : call.status === 'unknown' ? 'unknown' : 'ended';
  const stateOf = (index: number): 'done' | 'next' | typeof last =>
    index < reached || isCompleted ? 'done' : index > reached ? 'next' : last;
  // Nothing comes next once the call has ended.
  const wordOf = (state: ReturnType<typeof stateOf>): typeof state | 'skipped' =>
    state !== 'next' || isOpen ? state : last === 'unknown' ? last : 'skipped';
  return html`<ol part="steps" aria-label=${localizer.t('steps')}>
    ${steps.map((step, index) => {
      const state = stateOf(index);
      return html`<li class=${state} part="step step-${state}" aria-current=${state === 'now' ? 'step' : nothing}>
        <span>${localizer.t(`step-${step}`)}</span> <small>${localizer.t(`step-${wordOf(state)}`)}</small>
      </li>`;
    })}
  </ol>`;
}

function stepOf(status: CallSnapshot['status']): number {
  switch (status) {
    case 'requested':
    case 'created':
      return 0;
    case 'queued':
    case 'calling':
      return 1;
    case 'ringing':
      return 2;
    case 'in-progress':
      return 3;
    case 'scheduled':
    case 'completed':
    case 'failed':
    case 'no-answer':
    case 'busy':
    case 'cancelled':
    case 'unknown':
      return -1;
  }
}
