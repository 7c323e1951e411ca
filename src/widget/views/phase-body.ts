// Selects the view of a phase: what is below its title. The form is not here: it stays in the page, hidden, so that
// nothing typed is lost.

import { html, nothing } from 'lit';
import { button, callInstead } from './controls.js';
import { endedView, followingView } from './call-progress.js';
import type { PhaseView } from './phase-view.js';
import type { ViewModel } from './view-model.js';
import { slotsView } from './time-slots.js';

/** The body of the phase. */
export function bodyOf(model: ViewModel): PhaseView['body'] {
  const { state, site } = model;
  switch (state.phase) {
    case 'form':
    case 'submitting':
    case 'fallback':
      return nothing;
    case 'checking':
      return html`<div class="row">${button(model, 'cancel')}</div>`;
    case 'confirm-country':
      return html`<div class="row">${button(model, 'confirm-yes', true)} ${button(model, 'confirm-no')}</div>`;
    case 'choosing':
      return slotsView(model, state.slots, state.error);
    case 'following':
      return followingView(model, state.call, state.lost, state.elsewhere);
    case 'ended':
      return endedView(model, state.call);
    case 'refused':
      return html`<div class="row">
        ${callInstead(model)} ${site?.scheduling && state.intent ? button(model, 'later') : nothing}
        ${button(model, 'back')}
      </div>`;
  }
}
