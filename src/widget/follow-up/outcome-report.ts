// After the call: what the agent reported. It claims nothing that was not reported, shows text as text, and links only to https.

import { html, nothing, type TemplateResult } from 'lit';
import type { Appointment, CallOutcome, CallSnapshot } from '../../contract.js';
import { duration } from '../i18n/format.js';
import { talkedMs } from '../views/phase-text.js';
import { calendarButton } from './calendar-offer.js';
import type { Feature, FollowUpModel } from './feature.js';

/** Shows who answered, and what was agreed. */
export const outcomeReport: Feature = (model, view) => {
  const { state } = model;
  if (state.phase !== 'ended' || !isOutcome(state.call.outcome)) return view;
  const { call } = state;
  const { outcome } = state.call;
  const text = textOf(model, call, outcome);
  const report = reportOf(model, call, outcome);
  const { title, detail } = text ?? view;
  return {
    ...view,
    title,
    detail,
    // A template is never replaced with the page's own text for success.
    shownDetail: mayHaveTalked(outcome) ? detail : html`${detail}`,
    ...(outcome.answeredBy === 'voicemail' && { sign: voicemailSign }),
    body: html`${report}${view.body}`,
  };
};

/** False if nobody or the wrong person was reached, or nobody talked: the page then doesn't thank the visitor for the call. */
const mayHaveTalked = ({ answeredBy, disposition }: Pick<CallOutcome, 'answeredBy' | 'disposition'>): boolean =>
  answeredBy !== 'voicemail' && disposition !== 'no-conversation' && disposition !== 'wrong-person';

/** A tape instead of the check mark of a call that went well. */
const voicemailSign = html`<div class="sign voicemail" part="sign" aria-hidden="true">
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
    <path d="M6.5 15.5a3.25 3.25 0 1 1 0-6.5 3.25 3.25 0 0 1 0 6.5h11a3.25 3.25 0 1 1 0-6.5 3.25 3.25 0 0 1 0 6.5" />
  </svg>
</div>`;

/** Title and detail, where the report says more than the call's status. */
function textOf(
  { localizer }: FollowUpModel,
  call: CallSnapshot,
  { answeredBy, disposition }: CallOutcome,
): { readonly title: string; readonly detail: string } | undefined {
  if (answeredBy === 'unknown') return undefined;
  if (answeredBy === 'voicemail') {
    const name = disposition === 'message-left' ? 'message-left' : 'voicemail';
    return { title: localizer.t(`${name}-title`), detail: localizer.t(`${name}-detail`) };
  }
  const name = mayHaveTalked({ answeredBy, disposition }) ? 'conversation' : 'completed';
  const talked = talkedMs(call, call.now);
  return {
    title: localizer.t(`${name}-title`),
    detail: talked === undefined ? '' : localizer.t(`${name}-detail`, { duration: duration(talked, localizer.locale) }),
  };
}

// Its language is the call's, which need not be the page's: `dir="auto"`.
function reportOf(
  model: FollowUpModel,
  { id }: CallSnapshot,
  { agreed, appointment, links }: CallOutcome,
): TemplateResult | typeof nothing {
  const { localizer } = model;
  const safe = links.filter(({ url }) => /^https:\/\//.test(url));
  if (agreed.length + safe.length === 0 && !appointment) return nothing;
  return html`<div class="outcome" part="outcome">
    ${
      agreed.length > 0
        ? html`<h3 part="agreed-title">${localizer.t('agreed-title')}</h3>
            <ul part="agreed">
              ${agreed.map((point) => html`<li dir="auto">${point}</li>`)}
            </ul>`
        : nothing
    }
    ${appointment ? appointmentView(model, id, appointment) : nothing}
    ${
      safe.length > 0
        ? html`<ul part="links">
            ${safe.map(
              ({ url, title }) =>
                html`<li><a part="link" href=${url} target="_blank" rel="noopener noreferrer" dir="auto">${title}</a></li>`,
            )}
          </ul>`
        : nothing
    }
  </div>`;
}

/** The time as it was agreed and, where the visitor's clock shows another, in the visitor's time zone too. */
function appointmentView(
  model: FollowUpModel,
  callId: string,
  { start, end, zone, title }: Appointment,
): TemplateResult {
  const { localizer, business } = model;
  const wall = (timeZone?: string): string => new Date(start).toLocaleString('en', { timeZone });
  const here = wall() === wall(zone) ? '' : localizer.t('your-time', { time: localizer.formatTime(start) });
  const description = localizer.t('calendar-title', { business });
  const entry = { id: `${callId}-appointment`, at: start, ...(end && { end }), title, description };
  return html`<h3 part="appointment-title">${localizer.t('appointment-title')}</h3>
    <p part="appointment" dir="auto">${title}</p>
    <p><time part="appointment-time" datetime=${start}>${localizer.formatTime(start, zone)}</time></p>
    ${here ? html`<p part="your-time">${here}</p>` : nothing}
    <div class="row">${calendarButton(model, 'appointment.ics', entry)}</div>`;
}

/** True for a well-formed report. A malformed one is not shown. */
function isOutcome(value: unknown): value is CallOutcome {
  const { answeredBy, disposition, agreed, appointment, links } = (value ?? {}) as Partial<
    Record<keyof CallOutcome, unknown>
  >;
  return (
    typeof answeredBy === 'string' &&
    typeof disposition === 'string' &&
    Array.isArray(agreed) &&
    agreed.every((point) => typeof point === 'string') &&
    Array.isArray(links) &&
    links.every((link) => areTexts(link, 'url', 'title')) &&
    (appointment === undefined || (areTexts(appointment, 'start', 'zone', 'title') && isTime(appointment)))
  );
}

const areTexts = (value: unknown, ...names: readonly string[]): boolean =>
  names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'string');

function isTime(value: unknown): boolean {
  const { start, end, zone } = value as Appointment;
  try {
    new Date(start).toLocaleString('en', { timeZone: zone });
    return [start, end ?? start].every((at) => !Number.isNaN(Date.parse(at)));
  } catch {
    return false;
  }
}
