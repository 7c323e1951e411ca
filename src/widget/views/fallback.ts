// What is shown when no call can be requested: closed, or unavailable. Also joins a phase's texts for screen readers.

import { html, nothing } from 'lit';
import { callInstead } from './controls.js';
import type { PhaseView } from './phase-view.js';
import type { ViewModel } from './view-model.js';

/** When the business opens again; empty if that is unknown. */
export function openingOf({ localizer, site }: ViewModel): string {
  const { next } = (site?.opening ?? {}) as { readonly next?: string };
  return next ? localizer.t('closed-detail', { time: localizer.formatTime(next) }) : '';
}

/** The fallback. Where the page has content of its own below it, that content already offers a number to call. */
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

/** Joins the texts of a phase into sentences, for screen readers. */
export const sentence = (parts: readonly (string | false | undefined)[]): string =>
  parts
    .flatMap((part) => part || [])
    .map((part) => (/[.…?!:。？！।؟]$/.test(part) ? part : `${part}.`))
    .join(' ');
