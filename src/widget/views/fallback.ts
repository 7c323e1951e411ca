// What is shown when there is nothing to ask for: closed, or out of order. And how a phase is told in one breath.

import { html, nothing } from 'lit';
import { callInstead } from './controls.js';
import type { PhaseView } from './phase-view.js';
import type { ViewModel } from './view-model.js';

/** When the business answers again; empty where nobody knows. */
export function openingOf({ localizer, site }: ViewModel): string {
  const { next } = (site?.opening ?? {}) as { readonly next?: string };
  return next ? localizer.t('closed-detail', { time: localizer.formatTime(next) }) : '';
}

/** The fallback. Where the page has content of its own below it, that has a number to call already. */
export function fallbackView(model: ViewModel, hasOwnContent: boolean): PhaseView {
  const { localizer, name } = model;
  const detail = openingOf(model);
  return {
    title: localizer.t(name === 'closed' ? 'closed-title' : 'fallback-title'),
    detail,
    shownDetail: detail,
    body: hasOwnContent ? nothing : html`<div class="row">${callInstead(model)}</div>`,
  };
}

/** Whole sentences from the pieces of a phase, for those who listen. */
export const sentence = (parts: readonly (string | false | undefined)[]): string =>
  parts
    .flatMap((part) => part || [])
    .map((part) => (/[.…?!:。？！।؟]$/.test(part) ? part : `${part}.`))
    .join(' ');
