// The figures, the charts and the groups of the calls.

import { html, nothing, type TemplateResult } from 'lit';
import { type Dimension, type Group, type OwnerSummary, results, type Spread } from '../../../owner-contract.js';
import type { ChartModel } from './bar-chart.js';
import { countText, dayText, durationText, moneyText, percentText, timeText } from './format.js';
import { link } from './link.js';
import type { PageModel } from './page-model.js';
import { dimensionTexts, resultText } from './texts.js';

/** The figures at the top. */
export function figuresView(summary: OwnerSummary): TemplateResult {
  const { totals, answerRate, toRing, toAnswer, talk, spent, queue, overTime } = summary;
  const answered = overTime.reduce((sum, bucket) => sum + bucket.answered, 0);
  const spread = (value: Spread | undefined): readonly [string, string] =>
    value === undefined
      ? ['–', 'not known yet']
      : [durationText(value.median), `9 in 10 within ${durationText(value.p90)}`];
  const [ring, ringNote] = spread(toRing);
  const [answer, answerNote] = spread(toAnswer);
  return html`<section aria-labelledby="figures">
    <h2 id="figures" class="sr">Figures</h2>
    <dl class="figures">
      ${figure('Calls', countText(totals.calls), `${countText(answered)} answered`)}
      ${figure(
        'Answer rate',
        answerRate === undefined ? '–' : percentText(answerRate),
        'of the phones that rang; may include voicemail',
      )}
      ${figure('Time to ring', ring, ringNote)} ${figure('Time to answer', answer, answerNote)}
      ${figure('Talk time', talk === undefined ? '–' : durationText(talk.totalSeconds), talk === undefined ? 'no conversation yet' : `median ${durationText(talk.median)}`)}
      ${spent === undefined ? nothing : figure('Estimated cost', moneyText(spent.amount, spent.currency), 'from talk time')}
      ${figure('Now', countText(queue.inFlight), `under way; ${countText(queue.scheduled)} waiting for their time, ${countText(queue.waiting)} in the queue`)}
    </dl>
  </section>`;
}

const figure = (name: string, value: string, note: string): TemplateResult =>
  html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="note">${note}</dd>
  </div>`;

/** Calls over time and by hour of the day. */
export function chartsView({ overTime, byHour, filter }: OwnerSummary, zone: string): TemplateResult {
  const nameOf = (from: string): string => (filter.period === 'today' ? timeText(from, zone) : dayText(from, zone));
  const over = { labels: overTime.map(({ from }) => nameOf(from)), ...columnsOf(overTime) };
  const hours = { labels: byHour.map((_, hour) => `${String(hour).padStart(2, '0')}:00`), ...columnsOf(byHour) };
  return html`<div class="charts">
    ${chart(filter.period === 'today' ? 'Calls by hour, today' : 'Calls by day', over)}
    ${filter.period === 'today' ? nothing : chart('Calls by hour of the day', hours)}
  </div>`;
}

const columnsOf = (
  buckets: readonly { readonly calls: number; readonly answered: number }[],
): Pick<ChartModel, 'totals' | 'parts'> => ({
  totals: buckets.map(({ calls }) => calls),
  parts: buckets.map(({ answered }) => answered),
});

function chart(title: string, model: ChartModel): TemplateResult {
  return html`<figure class="card">
    <figcaption>
      <h2>${title}</h2>
      <p class="legend"><span class="key answered"></span>Answered <span class="key"></span>Other</p>
    </figcaption>
    <owner-chart .model=${model}></owner-chart>
    <details>
      <summary>Show as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${title}, as a table`}>
        <table>
          <thead>
            <tr><th scope="col">Time</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Answered</th></tr>
          </thead>
          <tbody>
            ${model.labels.map(
              (label, index) =>
                html`<tr>
                  <th scope="row">${label}</th>
                  <td class="number">${countText(model.totals[index] ?? 0)}</td>
                  <td class="number">${countText(model.parts[index] ?? 0)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

const shown: readonly Exclude<Dimension, 'result'>[] = ['site', 'page', 'campaign', 'country'];

/** One table per dimension; a row is a filter. */
export function groupsView(model: PageModel, { groups, totals }: OwnerSummary): TemplateResult {
  const outcomes = results
    .map((value) => ({ value, calls: totals[value] }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.calls - a.calls);
  return html`<div class="groups">
    <section class="card">
      <h2 id="by-result">${dimensionTexts.result}</h2>
      <table>
        <thead class="sr"><tr><th scope="col">Outcome</th><th scope="col">Calls</th></tr></thead>
        <tbody>
          ${outcomes.map(({ value, calls }) => bar(model, 'result', { value, calls }, totals.calls))}
        </tbody>
      </table>
    </section>
    ${shown.map((dimension) =>
      groups[dimension].length === 0
        ? nothing
        : html`<section class="card">
            <h2 id=${`by-${dimension}`}>${dimensionTexts[dimension]}</h2>
            <div class="scroll tall" tabindex="0" role="region" aria-labelledby=${`by-${dimension}`}>
              <table>
                <thead class="sr"><tr><th scope="col">${dimensionTexts[dimension]}</th><th scope="col">Calls</th></tr></thead>
                <tbody>
                  ${groups[dimension].map((group) => bar(model, dimension, group, totals.calls))}
                </tbody>
              </table>
            </div>
          </section>`,
    )}
  </div>`;
}

function bar(
  model: PageModel,
  dimension: Dimension,
  { value, calls, answered }: Omit<Group, 'answered'> & { readonly answered?: number },
  total: number,
): TemplateResult {
  const { view } = model;
  const name = dimension === 'result' ? resultText(value) : value;
  const share = total === 0 ? 0 : calls / total;
  return html`<tr>
    <th scope="row">
      ${link(model, { ...view, by: { ...view.by, [dimension]: value } }, name)}
      <span class="share" .style=${`--share:${String(share)}`}></span>
    </th>
    <td class="number">
      ${countText(calls)}
      <span class="note">${answered === undefined ? percentText(share) : `${percentText(answered / Math.max(1, calls))} answered`}</span>
    </td>
  </tr>`;
}
