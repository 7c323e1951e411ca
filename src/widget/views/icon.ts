// The two drawings of the family: a handset and a tick. Decoration: words say the same.

import { html, type TemplateResult } from 'lit';
import type { ViewModel } from './view-model.js';

/** The round sign above a phase's title; the styles color and move it by phase. */
export const sign = ({ name }: ViewModel): TemplateResult => html`<div class="sign" part="sign" aria-hidden="true">
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
    <path d=${name === 'completed' ? 'm5.5 12.5 4.5 4.5 9-10' : 'M7 3.5 9.5 8l-2 2.2a13 13 0 0 0 6.3 6.3l2.2-2 4.5 2.5c.3 2-1 3.5-3 3.5A14 14 0 0 1 3.5 6.5c0-2 1.5-3.3 3.5-3z'} />
  </svg>
</div>`;
