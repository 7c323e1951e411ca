// A button for an action.

import type { TemplateResult } from 'lit';
import type { Action } from '../call/actions.js';
import type { ViewModel } from './view-model.js';

/** A button whose label is the sentence of its action. */
export const button = ({ html, localizer, perform }: ViewModel, name: Action, isPrimary = false): TemplateResult =>
  html`<button type="button" class=${isPrimary ? 'primary' : 'quiet'} part="button ${name}" @click=${() => perform(name)}>
    ${localizer.t(name)}
  </button>`;
