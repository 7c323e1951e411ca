// The times a visitor may choose between.

import type { Problem } from '../api/result.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { Slot } from '../../contract.js';
import { button, callInstead } from './controls.js';
import { refusalOf } from './problem-message.js';
import type { ViewModel } from './view-model.js';
import { timesOf } from './slot-times.js';

/** A radio list of times, and what to do when none fits. */
export function slotsView(model: ViewModel, slots: readonly Slot[], error: Problem | undefined): TemplateResult {
  const { localizer } = model;
  const choose = (event: SubmitEvent): void => {
    event.preventDefault();
    const at = new FormData(event.currentTarget as HTMLFormElement).get('slot');
    if (typeof at === 'string') model.choose(at);
  };
  return html`<form part="slots" @submit=${choose}>
    <fieldset>
      <legend class="sr">${localizer.t('choosing-title')}</legend>
      ${slots.map(
        (slot) => html`<label class="slot" part="slot">
          <input type="radio" name="slot" .value=${slot.at} required aria-invalid="false" />
          <span>${bothTimes(model, slot)}</span>
        </label>`,
      )}
    </fieldset>
    <p class="error" part="error" role="alert">${error ? refusalOf(model, error) : nothing}</p>
    <div class="row">
      ${slots.length > 0 ? html`<button class="primary" part="button submit">${localizer.t('choosing-submit')}</button>` : callInstead(model)}
      ${button(model, 'back')}
    </div>
  </form>`;
}

/** The visitor's time, and the phone's where that is another one. */
function bothTimes(model: ViewModel, slot: Slot): TemplateResult | string {
  const { here, there } = timesOf(model, slot, 'short');
  return there === undefined ? here : html`${here} <small>${there}</small>`;
}
