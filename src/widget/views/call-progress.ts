// The phases of a call that exists: followed live, or ended.

import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot, Slot } from '../../contract.js';
import { button, callInstead } from './controls.js';
import type { ViewModel } from './view-model.js';
import { talkedMs } from './phase-text.js';
import { stepList } from './progress-steps.js';
import { isStuck, timesOf, untilThen } from './slot-times.js';

/** A call that has not ended: its progress, and what the visitor can do. */
export function followingView(
  model: ViewModel,
  call: CallSnapshot,
  isLost: boolean,
  isElsewhere: boolean,
): readonly (TemplateResult | symbol)[] {
  const { localizer, name } = model;
  const progress = html`
    ${
      name === 'talking'
        ? html`<p class="big" part="timer" role="timer" aria-label=${localizer.t('talking-detail')}>
            ${clock(talkedMs(call, model.now) ?? 0)}
          </p>`
        : nothing
    }
    ${name === 'scheduled' && call.scheduledFor ? waitingView(model, call, call.scheduledFor) : nothing}
    ${stepList(model, call)}
    ${isLost ? html`<p class="note" part="lost">${localizer.t('lost')}</p>` : nothing}
    ${isElsewhere ? html`<p class="note" part="elsewhere">${localizer.t('elsewhere')}</p>` : nothing}
    ${isStuck(model) ? html`<div class="row">${callInstead(model)} ${button(model, 'leave')}</div>` : nothing}
  `;
  const actions =
    call.status === 'scheduled'
      ? html`<div class="row">
          ${call.canTakeBack ? button(model, 'cancel-call') : nothing} ${button(model, 'another-number')}
        </div>`
      : nothing;
  return [progress, actions];
}

/** A call that waits for its time. The countdown is not announced, because announcing every minute would be a nuisance. */
function waitingView(model: ViewModel, { redialAfter }: CallSnapshot, slot: Slot): TemplateResult {
  const { localizer, now } = model;
  const { there } = timesOf(model, slot, 'long');
  const left = untilThen(slot.at, now, localizer.locale);
  return html`
    ${left === '' ? nothing : html`<p class="big" part="countdown" role="timer">${redialAfter ? clock(Date.parse(slot.at) - now) : left}</p>`}
    ${there === undefined ? nothing : html`<p class="note" part="there">${there}</p>`}
  `;
}

/** A call that has ended, and what the visitor can do now. */
export function endedView(model: ViewModel, call: CallSnapshot): TemplateResult {
  const { name, state } = model;
  const isTooEarly = call.tryAgainAt !== undefined && Date.parse(call.tryAgainAt) > model.now;
  // After a reload the number is no longer known: a button that leads to the form must not promise a call.
  const canRepeat = state.phase === 'ended' && state.intent !== undefined;
  return html`
    ${stepList(model, call)}
    <div class="row">
      ${
        name === 'completed'
          ? button(model, 'another-call')
          : html`${isTooEarly ? nothing : button(model, canRepeat ? 'again' : 'another-call', true)}
            ${callInstead(model)} ${button(model, 'another-number')}`
      }
    </div>
  `;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
