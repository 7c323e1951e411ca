// "Add to your calendar": a file for a callback at a chosen time, or for an appointment that was made in the call.

import { html, type TemplateResult } from 'lit';
import { type CalendarEntry, calendarFile } from '../download/icalendar.js';
import { saveFile } from '../download/save-file.js';
import type { Feature, FollowUpModel } from './feature.js';

/** Offers the file while a callback waits for its time. */
export const calendarOffer: Feature = (model, view) => {
  const { state, name, localizer, business, callerId, number } = model;
  const { id, scheduledFor, redialAfter } = 'call' in state ? state.call : {};
  // A call in the queue has another name: its time is not known.
  if (name !== 'scheduled' || id === undefined || !scheduledFor || redialAfter) return view;
  const button = calendarButton(model, 'callback.ics', {
    id,
    at: scheduledFor.at,
    minutes: 10,
    title: localizer.t('calendar-title', { business }),
    description: callerId ? localizer.t('ringing-caller', { number: number(callerId) }) : '',
  });
  return { ...view, body: html`${view.body}<div class="row">${button}</div>` };
};

/** The button that offers an entry as a file. */
export const calendarButton = (
  { localizer, now }: FollowUpModel,
  file: string,
  entry: Omit<CalendarEntry, 'now'>,
): TemplateResult =>
  html`<button
    type="button"
    class="quiet"
    part="button calendar"
    @click=${() => saveFile(file, 'text/calendar', calendarFile({ ...entry, now }))}
  >
    ${localizer.t('calendar')}
  </button>`;
