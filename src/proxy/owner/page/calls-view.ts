// The latest calls, and the timeline of one.

import { html, nothing, type TemplateResult } from 'lit';
import { noValue, type OwnerCall, ownerPaths, type OwnerSummary } from '../../../owner-contract.js';
import { dateTimeText, durationText, timeText } from './format.js';
import { link } from './link.js';
import type { PageModel } from './page-model.js';
import { resultTexts } from './texts.js';

/** The latest calls of the filter, with links to export all of them. */
export function callsView(model: PageModel, { calls, totals }: OwnerSummary): TemplateResult {
  const { zone, view, exportQuery } = model;
  return html`<section class="card wide">
    <div class="row">
      <h2 id="calls">${calls.length < totals.calls ? `Latest ${String(calls.length)} calls` : 'Calls'}</h2>
      <p>
        Export:
        <a href=${ownerPaths.csv + exportQuery} download>CSV</a>
        <a href=${ownerPaths.jsonl + exportQuery} download>JSON Lines</a>
      </p>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="calls">
      <table>
        <thead>
          <tr>
            <th scope="col">Requested</th>
            <th scope="col">Outcome</th>
            <th scope="col">Page</th>
            <th scope="col">Campaign</th>
            <th scope="col">Country</th>
            <th scope="col" class="number">Rang after</th>
            <th scope="col" class="number">Talked</th>
          </tr>
        </thead>
        <tbody>
          ${calls.map(
            (call) =>
              html`<tr>
                <th scope="row">${link(model, { ...view, call: call.id }, dateTimeText(call.createdAt, zone))}</th>
                <td>${resultTexts[call.result]}</td>
                <td>${shortText(call.page)}</td>
                <td>${shortText(call.campaign)}</td>
                <td>${shortText(call.country)}</td>
                <td class="number">${secondsText(call.ringSeconds)}</td>
                <td class="number">${secondsText(call.talkSeconds)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

const shortText = (value: string): string => (value === noValue ? '–' : value);
const secondsText = (seconds: number | undefined): string => (seconds === undefined ? '–' : durationText(seconds));

/** The timeline of the call in the URL. */
export function callDialog(model: PageModel): TemplateResult {
  const { view, call, show } = model;
  const { call: id, ...rest } = view;
  const close = (): void => {
    if (id !== undefined) show(rest);
  };
  // A click beside the dialog's content lands on the dialog itself.
  const closeBeside = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) close();
  };
  return html`<dialog aria-labelledby="call-title" @close=${close} @click=${closeBeside}>
    ${
      id === undefined
        ? nothing
        : html`<div class="row">
            <h2 id="call-title">Call</h2>
            <button type="button" @click=${close}>Close</button>
          </div>
          ${
            call === undefined
              ? html`<p role="status">Loading…</p>`
              : 'failure' in call
                ? html`<p role="alert">
                  ${
                    call.failure === 'missing'
                      ? 'This call is not stored. Calls are kept for 30 days.'
                      : 'The call could not be read. This page tries again every few seconds.'
                  }
                </p>`
                : timeline(model, call.data)
          }`
    }
  </dialog>`;
}

function timeline(model: PageModel, call: OwnerCall): TemplateResult {
  const { zone, view } = model;
  const other = (id: string | undefined): TemplateResult | undefined =>
    id === undefined ? undefined : link(model, { ...view, call: id }, id);
  const facts: readonly (readonly [string, TemplateResult | string | undefined])[] = [
    ['Outcome', resultTexts[call.result]],
    ['Requested', dateTimeText(call.createdAt, zone)],
    ['Chosen time', call.scheduledFor === undefined ? undefined : dateTimeText(call.scheduledFor, zone)],
    ['Ended because', call.because],
    ['Tried once more as', other(call.redialId)],
    ['Second try of', other(call.redialOf)],
    ['Site', call.site],
    ['Page', call.page === noValue ? undefined : call.page],
    ['Country', call.country === noValue ? undefined : call.country],
    ['Language', call.locale],
    ...Object.entries(call.attribution).map(([key, value]) => [key, value] as const),
    ['Call ID', call.id],
    ['PolyAI’s ID', call.polyAiId],
  ];
  return html`<ol class="timeline">
      ${call.journal.map(
        ({ status, at }, index) =>
          html`<li>
            <time datetime=${at}>${timeText(at, zone, true)}</time> <span>${status}</span>
            <span class="note">${index === 0 ? nothing : sinceText(call.journal[index - 1]?.at ?? at, at)}</span>
          </li>`,
      )}
    </ol>
    <dl class="facts">
      ${facts.map(([name, value]) => (value === undefined ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`))}
    </dl>
    <p class="note">The phone number is not stored once the call has been placed.</p>`;
}

const sinceText = (before: string, at: string): string =>
  `+${durationText(Math.max(0, Math.round((Date.parse(at) - Date.parse(before)) / 1_000)))}`;
