// A call that waits in the queue: its place, the expected wait, and how to leave. And the end of a wait without a call.

import { html, nothing } from 'lit';
import type { CallSnapshot } from '../../contract.js';
import { joinSentences } from '../i18n/format.js';
import { button, callInstead } from '../views/controls.js';
import type { ViewModel } from '../views/view-model.js';
import { isPlace, placeText, waitText } from './queue-place.js';
import type { QueueFeature } from './queue-view.js';
import type { QueueLocalizer } from './texts.js';

/** The wait that was last read out: for a screen reader an estimate that changes every minute would be a nuisance. */
let announced = { key: '', wait: '' };

/** Shows the place. Announced when it changes, and when a wait becomes known or is no longer, with the wait expected then. */
export const waitingInQueue: QueueFeature = (model, view) => {
  const { state, localizer, now, perform } = model;
  if (state.phase !== 'following' || state.call.status !== 'scheduled' || !isPlace(state.call.queue)) return view;
  const { call, lost, elsewhere } = state;
  const { queue } = state.call;
  const expected = waitText(localizer, queue, now - Date.parse(call.now), 'queue');
  const wait = expected || untilText(localizer, call);
  const key = [call.id, queue.position, localizer.locale, expected !== ''].join();
  if (announced.key !== key) announced = { key, wait };
  const detailWith = (sentence: string): string => joinSentences([sentence, view.detail]).trim();
  return {
    ...view,
    title: placeText(localizer, queue, 'queue-title'),
    detail: detailWith(announced.wait),
    shownDetail: detailWith(wait),
    body: html`
      ${lost ? html`<p class="note" part="lost">${localizer.t('lost')}</p>` : nothing}
      ${elsewhere ? html`<p class="note" part="elsewhere">${localizer.t('elsewhere')}</p>` : nothing}
      <div class="row">
        ${
          call.canTakeBack
            ? html`<button type="button" class="quiet" part="button cancel-call" @click=${() => perform('cancel-call')}>
                ${localizer.t('queue-leave')}
              </button>`
            : button(model, 'another-number')
        }
        ${callInstead(model)}
      </div>
    `,
  };
};

/** The longest wait, milliseconds. */
const longestWaitMs = 30 * 60_000;
/** How much earlier by the journal its end can have been noticed, milliseconds. */
const marginMs = 30_000;

/** Until when the turn can come, where nothing else can be said about the wait: none is known, or it would be over before. */
function untilText(localizer: QueueLocalizer, { history }: CallSnapshot): string {
  const endsAt = Date.parse(history[0]?.at ?? '') + longestWaitMs;
  return Number.isFinite(endsAt) ? localizer.t('queue-until', { time: localizer.formatTime(endsAt) }) : '';
}

/** Says why a call was never placed. The element's own sentences are about a time that was chosen. */
export const waitEnded: QueueFeature = ({ state, localizer }, view) => {
  if (state.phase !== 'ended' || !isFromQueue(state.call)) return view;
  const { endedBecause } = state.call;
  if (endedBecause === 'not-sent' && waitedMs(state.call) >= longestWaitMs - marginMs) {
    const detail = localizer.t('queue-expired-detail');
    return { ...view, title: localizer.t('queue-expired-title'), detail, shownDetail: detail };
  }
  if (endedBecause !== 'not-allowed-when-due') return view;
  const detail = localizer.t('because-not-sent');
  return { ...view, detail, shownDetail: detail };
};

/** True for a call that waited without a chosen time and was never placed. */
const isFromQueue = ({ history, scheduledFor }: CallSnapshot): boolean =>
  !scheduledFor && history[0]?.status === 'scheduled' && history.every(({ status }) => status !== 'requested');

function waitedMs({ history }: CallSnapshot): number {
  return Date.parse(history.at(-1)?.at ?? '') - Date.parse(history[0]?.at ?? '');
}

/** How long the display stays correct, milliseconds; undefined while no wait is shown. */
export function waitPace({ state }: ViewModel): number | undefined {
  const queue = state.phase === 'following' ? state.call.queue : undefined;
  return queue?.waitSeconds === undefined ? undefined : 10_000;
}
