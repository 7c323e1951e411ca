// The times that a visitor can choose from.

import type { Problem } from '../api/result.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { Slot } from '../../contract.js';
import { button, callInstead } from './controls.js';
import { refusalOf } from './problem-message.js';
import type { ViewModel } from './view-model.js';
import { timesOf } from './slot-times.js';

/** A list of times as radio buttons, and the alternatives when none suits. */
export function slotsView(model: ViewModel, slots: readonly Slot[], error: Problem | undefined): TemplateResult {
  const { localizer } = model;
  // On the button's click, as in the form.
  const choose = (event: Event): void => {
    event.preventDefault();
    const { form } = event.currentTarget as HTMLButtonElement;
    const at = form?.reportValidity() && new FormData(form).get('slot');
    if (typeof at === 'string') model.choose({ scheduleAt: at });
  };
  return html`<form part="slots">
    <fieldset>
      <legend class="sr">${localizer.t('choosing-title')}</legend>
      ${slots.map((slot, index) => {
        const day = dayOf(slot, localizer.locale);
        const isFirstOfDay = index === 0 || day !== dayOf(slots[index - 1] ?? slot, localizer.locale);
        return html`${isFirstOfDay ? html`<p class="day" part="day">${day}</p>` : nothing}
          <label class="slot" part="slot">
            <input type="radio" name="slot" .value=${slot.at} required aria-invalid="false" />
            <span><span class="sr">${day}</span> ${bothTimes(model, slot)}</span>
          </label>`;
      })}
    </fieldset>
    <p class="error" part="error" role="alert">${error ? refusalOf(model, error) : nothing}</p>
    <div class="row">
      ${slots.length > 0 ? html`<button class="primary" part="button submit" @click=${choose}>${localizer.t('choosing-submit')}</button>` : callInstead(model)}
      ${button(model, 'back')}
    </div>
  </form>`;
}

/** The day of a slot in the visitor's time zone, shown above its times. */
const dayOf = ({ at }: Slot, locale: string): string =>
  new Date(at).toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long' });

/** The visitor's time, and the phone's with its day where that differs. */
function bothTimes(model: ViewModel, slot: Slot): TemplateResult | string {
  const { there } = timesOf(model, slot, 'short');
  const here = new Date(slot.at).toLocaleTimeString(model.localizer.locale, { hour: 'numeric', minute: '2-digit' });
  return there === undefined ? here : html`${here} <small>${there}</small>`;
}
