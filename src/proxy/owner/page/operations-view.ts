// What the operator watches: allowances against their caps, refusals, and PolyAI's API.

import { html, nothing, type TemplateResult } from 'lit';
import type { AllowanceUse, Count, OwnerSummary } from '../../../owner-contract.js';
import { countText, dateTimeText, moneyText } from './format.js';
import { codeText, outcomeText, scopeText, settingText } from './texts.js';

/** Each shared allowance against its cap. */
export function allowancesView({ allowances, currency }: OwnerSummary): TemplateResult {
  return html`<section class="card wide">
    <h2 id="allowances">Limits</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="allowances">
      <table>
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" class="number">Used</th>
            <th scope="col"><span class="sr">Share</span></th>
            ${currency === undefined ? nothing : html`<th scope="col" class="number">At most</th>`}
          </tr>
        </thead>
        <tbody>
          ${allowances.map((allowance) => allowanceRow(allowance, currency))}
        </tbody>
      </table>
    </div>
    ${
      currency === undefined
        ? html`<p class="note">Set PRICE_PER_MINUTE to see what the limits may cost.</p>`
        : html`<p class="note">Amounts assume MINUTES_PER_CALL for each call.</p>`
    }
  </section>`;
}

function allowanceRow({ setting, of, used, cap, money }: AllowanceUse, currency: string | undefined): TemplateResult {
  const share = cap === 0 ? 1 : Math.min(1, used / cap);
  const name = `${settingText(setting)}${of === undefined ? '' : `: ${of}`}`;
  return html`<tr class=${share >= 1 ? 'full' : share >= 0.8 ? 'high' : ''}>
    <th scope="row" title=${setting}>${name}</th>
    <td class="number">${countText(used)} of ${countText(cap)}${share >= 1 ? html` <strong>used up</strong>` : nothing}</td>
    <td class="meter"><span class="share" .style=${`--share:${String(share)}`}></span></td>
    ${
      currency === undefined
        ? nothing
        : html`<td class="number">
          ${money === undefined ? '–' : `${moneyText(money.used, currency)} of ${moneyText(money.cap, currency)}`}
        </td>`
    }
  </tr>`;
}

/** Refusals and PolyAI's answers. */
export function upstreamView({ refusals, upstream, instances }: OwnerSummary, zone: string): TemplateResult {
  const { triggerMs } = upstream;
  return html`<div class="groups">
    <section class="card">
      <h2 id="refusals">Refused requests</h2>
      ${countTable(refusals.codes, codeText, 'Reason', 'None.')}
      ${
        refusals.allowances.length === 0
          ? nothing
          : html`<h3>Limit that was reached</h3>
            ${countTable(refusals.allowances, scopeText, 'Limit', '')}`
      }
      <p class="note">
        Counted by ${counter(instances)} since ${dateTimeText(refusals.since, zone)}, whatever the filter.
      </p>
    </section>
    <section class="card">
      <h2 id="upstream">PolyAI, last hour</h2>
      <p class=${upstream.isCredentialRefused ? 'bad' : 'good'}>
        ${
          upstream.isCredentialRefused
            ? 'PolyAI refuses the credential: no call is placed.'
            : 'The credential is not refused.'
        }
      </p>
      ${instances > 1 ? html`<p class="note">As ${counter(instances)} sees it.</p>` : nothing}
      <h3>Calls placed</h3>
      ${countTable(upstream.triggers, outcomeText, 'Answer', 'None.')}
      ${
        triggerMs === undefined
          ? nothing
          : html`<p class="note">
            Half of the answers took ${countText(triggerMs.median)} ms or less, 9 in 10 took ${countText(triggerMs.p90)} ms or
            less.
          </p>`
      }
      <h3>Status requests</h3>
      ${countTable(upstream.statusRequests, outcomeText, 'Answer', 'None.')}
    </section>
  </div>`;
}

/** What the figures that are counted in memory belong to. */
const counter = (instances: number): string =>
  instances > 1 ? `this instance alone (one of ${countText(instances)})` : 'this process';

function countTable(
  counts: readonly Count[],
  textOf: (name: string) => string,
  heading: string,
  none: string,
): TemplateResult {
  if (counts.length === 0) return html`<p>${none}</p>`;
  return html`<table>
    <thead class="sr"><tr><th scope="col">${heading}</th><th scope="col">Count</th></tr></thead>
    <tbody>
      ${counts.map(
        ({ name, count }) =>
          html`<tr><th scope="row" title=${name}>${textOf(name)}</th><td class="number">${countText(count)}</td></tr>`,
      )}
    </tbody>
  </table>`;
}
