// The whole page as a template: its header, its states (loading, empty, error) and the sections in their order.

import { html, nothing, type TemplateResult } from 'lit';
import { dimensions, ownerPaths, type OwnerSummary, periods } from '../../../owner-contract.js';
import { allowancesView, upstreamView } from './operations-view.js';
import { callDialog, callsView } from './calls-view.js';
import { chartsView, figuresView, groupsView } from './figures-view.js';
import type { Failure } from './data-source.js';
import { timeText } from './format.js';
import { link } from './link.js';
import type { PageModel } from './page-model.js';
import { dimensionTexts, periodTexts, resultText } from './texts.js';

const failureTexts: Readonly<Record<Failure, string>> = {
  'signed-out': 'Your session has ended. Sign in again to see current figures.',
  offline: 'The proxy does not respond. This page tries again every few seconds.',
  failed: 'The proxy could not read its data. This page tries again every few seconds.',
  missing: 'The proxy does not know this page’s data. Reload the page.',
};

/** The page. */
export function pageView(model: PageModel): TemplateResult {
  const { summary, failure } = model;
  return html`${header(model)}
    <main id="main" tabindex="-1" aria-busy=${summary === undefined && failure === undefined}>
      ${
        failure === undefined
          ? nothing
          : html`<div class="problem" role="alert">
            <p>${failureTexts[failure]}</p>
            ${failure === 'signed-out' ? html`<p><a href=${ownerPaths.page}>Sign in</a></p>` : nothing}
          </div>`
      }
      ${summary === undefined ? (failure === undefined ? loading : nothing) : sections(model, summary)}
    </main>
    ${callDialog(model)}`;
}

const loading = html`<p class="state" role="status">Loading…</p>`;

function header(model: PageModel): TemplateResult {
  const { view, summary, failure, zone } = model;
  const chosen = dimensions.flatMap((dimension) => {
    const value = view.by[dimension];
    return value === undefined ? [] : [{ dimension, value }];
  });
  return html`<header>
    <div class="title">
      <h1>${summary?.business ?? 'Calls'}</h1>
      ${summary?.sandbox === true ? html`<p class="badge">Sandbox: no phone rings</p>` : nothing}
      <p class="live">
        ${
          summary === undefined
            ? nothing
            : failure === undefined
              ? html`<span class="dot"></span>Live, updated ${timeText(summary.now, zone, true)}`
              : html`Last updated ${timeText(summary.now, zone, true)}`
        }
      </p>
    </div>
    <nav aria-label="Period">
      <ul class="tabs">
        ${periods.map(
          (period) =>
            html`<li>${link(model, { ...view, period }, periodTexts[period], { isCurrent: period === view.period })}</li>`,
        )}
      </ul>
    </nav>
    ${
      chosen.length === 0
        ? nothing
        : html`<ul class="chips" aria-label="Filters">
          ${chosen.map(({ dimension, value }) => {
            const { [dimension]: _, ...by } = view.by;
            const shown = dimension === 'result' ? resultText(value) : value;
            return html`<li>
              ${link(
                model,
                { ...view, by },
                html`<span>${dimensionTexts[dimension]}: ${shown}</span> <span aria-hidden="true">×</span>`,
                { label: `Remove the filter ${dimensionTexts[dimension]}: ${shown}` },
              )}
            </li>`;
          })}
        </ul>`
    }
  </header>`;
}

function sections(model: PageModel, summary: OwnerSummary): TemplateResult {
  const isEmpty = summary.totals.calls === 0;
  const isFiltered = Object.keys(model.view.by).length > 0;
  return html`${
    summary.isPartial
      ? html`<p class="note">There are more calls in this period than this page reads. The oldest are left out.</p>`
      : nothing
  }
    ${
      isEmpty
        ? html`<div class="state">
          <p><strong>${isFiltered ? 'No call matches these filters.' : 'No calls in this period yet.'}</strong></p>
          <p>
            ${
              isFiltered
                ? link(model, { period: model.view.period, by: {} }, 'Remove all filters')
                : 'As soon as a visitor requests one, it appears here.'
            }
          </p>
        </div>`
        : html`${figuresView(summary)} ${chartsView(summary, model.zone)} ${groupsView(model, summary)}`
    }
    ${allowancesView(summary)} ${upstreamView(summary, model.zone)} ${isEmpty ? nothing : callsView(model, summary)}
    <footer>
      <p>
        Times are in ${model.zone}. Calls are counted when they are requested and kept for 30 days. Nothing on this page
        leaves this proxy.
      </p>
      <p>Version ${summary.version}</p>
    </footer>`;
}
