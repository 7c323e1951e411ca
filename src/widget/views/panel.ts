// The card: the frame around every phase. Slots are hidden, never removed, so that nothing the page put there is lost.

import { html, nothing, type TemplateResult } from 'lit';
import { openingOf } from './fallback.js';
import { type FormModel, formView } from './form-view.js';
import type { PhaseView } from './phase-view.js';
import { isMissed, isWaiting, type ViewModel } from './view-model.js';

/** The card with the content of a phase; `view` is missing while its chunk is loading. */
export function panelView(
  model: ViewModel,
  view: PhaseView | undefined,
  form: FormModel,
  isHidden: boolean,
): TemplateResult {
  const { name, localizer, site, agent, business } = model;
  const { sign, title, detail, shownDetail, body }: Partial<PhaseView> = view ?? {};
  const isMissedCall = isMissed(name);
  const isForm = name === 'form';
  // Times can be chosen, but no immediate call is possible.
  const isShut = site?.opening.open === false;
  const isDone = name === 'completed' && detail === shownDetail;
  const classes = `${name}${isWaiting(name) ? ' waiting' : ''}${isMissedCall ? ' missed' : ''}${localizer.isPending ? ' pending' : ''}`;
  return html`<div class="panel ${classes}" part="panel phase-${name}" lang=${localizer.locale} dir=${localizer.dir} ?hidden=${isHidden}>
    <p class="mark" part="sandbox" ?hidden=${!site?.sandbox}>${localizer.t('sandbox')}</p>
    ${sign ?? nothing}
    <h2 id="title" part="heading" tabindex="-1">
      <slot name="heading" ?hidden=${!isForm}>${localizer.t(isShut ? 'closed-title' : 'heading', { agent, business })}</slot>${title}
    </h2>
    <div class="detail" part="description">
      <slot name="description" ?hidden=${!isForm}>${isShut ? openingOf(model) : localizer.t('description', { agent, business })}</slot>
      <slot name="success" ?hidden=${!isDone}>${detail}</slot>
      <slot name="missed" ?hidden=${!isMissedCall}>${detail}</slot>
      ${isDone || isMissedCall ? nothing : shownDetail}
    </div>
    ${formView(model, form)} ${body ?? nothing}
    <slot name="challenge"></slot>
  </div>`;
}
