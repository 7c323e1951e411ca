// The icons above a phase's title: a handset, a check mark, and marks for refused and unknown. Decorative: the text says
// the same.

import { html, type TemplateResult } from 'lit';
import type { ViewModel } from './view-model.js';

const handset =
  'M7 3.5 9.5 8l-2 2.2a13 13 0 0 0 6.3 6.3l2.2-2 4.5 2.5c.3 2-1 3.5-3 3.5A14 14 0 0 1 3.5 6.5c0-2 1.5-3.3 3.5-3z';

const drawings: Readonly<Partial<Record<ViewModel['name'], string>>> = {
  completed: 'm5.5 12.5 4.5 4.5 9-10',
  refused: 'M12 4.5v9m0 4.5v.5',
  unknown: 'M8.5 8.5a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.3-1.5 2.3m0 4v.5',
};

/** The round icon above a phase's title; the styles color and animate it by phase. */
export const sign = ({ name }: ViewModel): TemplateResult => html`<div class="sign" part="sign" aria-hidden="true">
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
    <path d=${drawings[name] ?? handset} />
  </svg>
</div>`;
