// A button for a wish.

import type { TemplateResult } from 'lit';
import type { Scene, Wish } from './view-model.js';

/** A button whose label is the sentence of its wish. */
export const button = ({ html, localizer, wish }: Scene, name: Wish, isPrimary = false): TemplateResult =>
  html`<button type="button" class=${isPrimary ? 'primary' : 'quiet'} part="button ${name}" @click=${() => wish(name)}>
    ${localizer.t(name)}
  </button>`;
