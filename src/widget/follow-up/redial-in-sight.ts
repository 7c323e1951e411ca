// A missed call that will be tried once more: when, and what the visitor can do instead.

import { html, nothing } from 'lit';
import { joinSentences } from '../i18n/format.js';
import { button } from '../views/controls.js';
import type { Feature } from './feature.js';

/** Shows a second attempt that waits as what it is, with "now" and "another time" beside "cancel". */
export const redialInSight: Feature = (model, view) => {
  const { name, state, site, localizer } = model;
  const { redialAfter, scheduledFor } = 'call' in state ? state.call : {};
  if (name !== 'scheduled' || !redialAfter || !scheduledFor) return view;
  const detail = joinSentences([
    localizer.t(`${redialAfter}-detail`),
    localizer.t('redial-at', { time: localizer.formatTime(scheduledFor.at) }),
  ]);
  // Other times are offered for a number, which is no longer known after a reload.
  const canChoose = site?.scheduling && 'intent' in state && state.intent;
  return {
    ...view,
    title: localizer.t(`${redialAfter}-title`),
    detail,
    shownDetail: detail,
    body: html`${view.body}
      <div class="row">${button(model, 'submit', true)} ${canChoose ? button(model, 'later') : nothing}</div>`,
  };
};
