// Picks the view of a phase: what stands under its title. The form is not here: it stays in the page, hidden, so that
// nothing typed is lost.

import type { TemplateResult } from 'lit';
import { button } from './button.js';
import { endedView, followingView } from './call-progress.js';
import { callInstead } from './call-instead.js';
import type { Scene } from './view-model.js';
import { slotsView } from './time-slots.js';

/** The body of the phase. */
export function bodyOf(scene: Scene): TemplateResult | symbol {
  const { html, nothing, state, site } = scene;
  switch (state.phase) {
    case 'form':
    case 'asking':
    case 'fallback':
      return nothing;
    case 'checking':
      return html`<div class="row">${button(scene, 'cancel')}</div>`;
    case 'confirm-country':
      return html`<div class="row">${button(scene, 'confirm-yes', true)} ${button(scene, 'confirm-no')}</div>`;
    case 'choosing':
      return slotsView(scene, state.slots, state.error);
    case 'following':
      return followingView(scene, state.call, state.lost, state.elsewhere);
    case 'ended':
      return endedView(scene, state.call);
    case 'refused':
      return html`<div class="row">
        ${callInstead(scene)} ${site?.scheduling && state.ask ? button(scene, 'later') : nothing}
        ${button(scene, 'back')}
      </div>`;
  }
}
