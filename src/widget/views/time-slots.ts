// The times a visitor may choose between.

import type { TemplateResult } from 'lit';
import type { Slot } from '../../contract.js';
import type { Refused } from '../call/call-state.js';
import { button } from './button.js';
import { callInstead } from './call-instead.js';
import { refusalOf } from './problem-message.js';
import type { Scene } from './view-model.js';
import { timesOf } from './slot-times.js';

/** A radio list of times, and what to do when none fits. */
export function slotsView(scene: Scene, slots: readonly Slot[], error: Refused | undefined): TemplateResult {
  const { html, nothing, localizer } = scene;
  const choose = (event: SubmitEvent): void => {
    event.preventDefault();
    const at = new FormData(event.currentTarget as HTMLFormElement).get('slot');
    if (typeof at === 'string') scene.choose(at);
  };
  return html`<form part="slots" @submit=${choose}>
    <fieldset>
      <legend class="sr">${localizer.t('choosing-title')}</legend>
      ${slots.map(
        (slot) => html`<label class="slot" part="slot">
          <input type="radio" name="slot" .value=${slot.at} required aria-invalid="false" />
          <span>${bothTimes(scene, slot)}</span>
        </label>`,
      )}
    </fieldset>
    <p class="error" part="error" role="alert">${error ? refusalOf(scene, error) : nothing}</p>
    <div class="row">
      ${slots.length > 0 ? html`<button class="primary" part="button submit">${localizer.t('choosing-submit')}</button>` : callInstead(scene)}
      ${button(scene, 'back')}
    </div>
  </form>`;
}

/** The visitor's time, and the phone's where that is another one. */
function bothTimes(scene: Scene, slot: Slot): TemplateResult | string {
  const { here, there } = timesOf(scene, slot, 'short');
  return there === undefined ? here : scene.html`${here} <small>${there}</small>`;
}
