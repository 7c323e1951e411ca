// The phases of a call that exists: followed live, and ended.

import type { TemplateResult } from 'lit';
import type { CallSnapshot, Slot } from '../../contract.js';
import { calendarFile } from '../download/icalendar.js';
import { saveFile } from '../download/save-file.js';
import { button } from './button.js';
import { callInstead } from './call-instead.js';
import { isMissed, type Scene } from './view-model.js';
import { talkedMs } from './phase-text.js';
import { stepList } from './progress-steps.js';
import { timesOf, untilThen } from './slot-times.js';

/** A call that has not ended. */
export function followingView(scene: Scene, call: CallSnapshot, isLost: boolean, isElsewhere: boolean): TemplateResult {
  const { html, nothing, localizer, name } = scene;
  return html`
    ${
      name === 'talking'
        ? html`<p class="big" part="timer" role="timer" aria-label=${localizer.t('talking-detail')}>
            ${clock(talkedMs(call, scene.now) ?? 0)}
          </p>`
        : nothing
    }
    ${name === 'scheduled' && call.scheduledFor ? waitingView(scene, call.scheduledFor) : nothing}
    ${stepList(scene, call)}
    ${isLost ? html`<p class="note" part="lost">${localizer.t('lost')}</p>` : nothing}
    ${isElsewhere ? html`<p class="note" part="elsewhere">${localizer.t('elsewhere')}</p>` : nothing}
    ${
      name === 'scheduled'
        ? html`<div class="row">
            ${call.scheduledFor ? calendarButton(scene, call, call.scheduledFor) : nothing}
            ${call.canTakeBack ? button(scene, 'cancel-call') : nothing} ${button(scene, 'another-number')}
          </div>`
        : nothing
    }
  `;
}

/** A call that waits for its time. The countdown is silent: nobody has to listen to the minutes. */
function waitingView(scene: Scene, slot: Slot): TemplateResult {
  const { html, nothing, localizer, now } = scene;
  const { there } = timesOf(scene, slot, 'long');
  const left = untilThen(slot.at, now, localizer.locale);
  return html`
    ${left === '' ? nothing : html`<p class="big" part="countdown" role="timer">${left}</p>`}
    ${there === undefined ? nothing : html`<p class="note" part="there">${there}</p>`}
  `;
}

function calendarButton(
  { html, localizer, now, business, callerId, number }: Scene,
  { id }: CallSnapshot,
  { at }: Slot,
): TemplateResult {
  const save = (): void => {
    const title = localizer.t('calendar-title', { business });
    const description = callerId ? localizer.t('ringing-caller', { number: number(callerId) }) : '';
    saveFile('callback.ics', 'text/calendar', calendarFile({ id, at, now, title, description }));
  };
  return html`<button type="button" class="quiet" part="button calendar" @click=${save}>${localizer.t('calendar')}</button>`;
}

/** A call that has ended, and what helps now. */
export function endedView(scene: Scene, call: CallSnapshot): TemplateResult {
  const { html, nothing, name, callerId } = scene;
  const isTooEarly = call.tryAgainAt !== undefined && Date.parse(call.tryAgainAt) > scene.now;
  return html`
    ${stepList(scene, call)}
    <div class="row">
      ${name === 'completed' ? button(scene, 'another-call') : isTooEarly ? nothing : button(scene, 'again', true)}
      ${name === 'completed' ? nothing : callInstead(scene)}
      ${isMissed(name) && callerId ? button(scene, 'save') : nothing}
      ${name === 'completed' ? nothing : button(scene, 'another-number')}
    </div>
  `;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
