// A refusal because of a limit: the next time at which it will not stand in the way, the others, and a place in the queue.

import { html, nothing } from 'lit';
import { joinSentences } from '../i18n/format.js';
import { button, callInstead } from '../views/controls.js';
import { timesOf } from '../views/slot-times.js';
import { isPlace, placeText, waitText } from './queue-place.js';
import type { QueueFeature } from './queue-view.js';

/** Shows what a `busy` problem offers; the plain refusal where that is nothing. */
export const limitOffers: QueueFeature = (model, view) => {
  const { state, localizer, site, choose, perform } = model;
  if (state.phase !== 'refused' || state.problem.code !== 'busy') return view;
  const { slots = [], queue } = state.problem;
  // By the proxy's clock: before there is a call, the page's own may be wrong. A time that has passed is answered with others.
  const [first, ...others] = slots;
  if (!first && !isPlace(queue)) return view;
  const there = first && timesOf(model, first, 'long').there;
  const place = isPlace(queue)
    ? joinSentences([placeText(localizer, queue, 'queue-offer'), waitText(localizer, queue, 0, 'queue-offer')]).trim()
    : '';
  const atFirst = first
    ? html`<div class="row">
          <button
            type="button"
            class="primary"
            part="button call-at"
            @click=${() => choose({ scheduleAt: first.at })}
          >
            ${localizer.t('call-at', { time: localizer.formatTime(first.at) })}
          </button>
          ${
            others.length > 0
              ? html`<button type="button" class="quiet" part="button later" @click=${() => perform('later')}>
                  ${localizer.t('another-time')}
                </button>`
              : nothing
          }
        </div>
        ${there === undefined ? nothing : html`<p class="note" part="there">${there}</p>`}`
    : nothing;
  const inQueue = place
    ? html`<div class="queue" part="queue">
        <p id="queue" part="queue-place">${place}</p>
        <button
          type="button"
          class=${first ? 'quiet' : 'primary'}
          part="button queue-join"
          aria-describedby="queue"
          @click=${() => choose({ queue: true })}
        >
          ${localizer.t('queue-join')}
        </button>
      </div>`
    : nothing;
  return {
    ...view,
    // The place is in the body, but it is read out with the refusal.
    detail: joinSentences([view.detail, place]).trim(),
    body: html`${atFirst} ${inQueue}
      <div class="row">
        ${callInstead(model)} ${!first && site?.scheduling ? button(model, 'later') : nothing} ${button(model, 'back')}
      </div>`,
  };
};
