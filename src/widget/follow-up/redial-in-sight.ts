// A call that did not reach the visitor and will be tried once more: when, and what the visitor can do instead; and a second attempt
// that could not be made.

import { html, nothing } from 'lit';
import type { CallSnapshot } from '../../contract.js';
import { joinSentences } from '../i18n/format.js';
import { button } from '../views/controls.js';
import type { PhaseView } from '../views/phase-view.js';
import type { Feature, FollowUpModel } from './feature.js';

/** Shows a second attempt as what it is. */
export const redialInSight: Feature = (model, view) => {
  const { state, name } = model;
  const { call } = 'call' in state ? state : {};
  if (!call?.redialAfter) return view;
  if (name === 'scheduled' && call.scheduledFor) return waitingView(model, view, call, call.redialAfter);
  const isDropped = state.phase === 'ended' && call.endedBecause && call.endedBecause !== 'taken-back';
  return isDropped ? droppedView(model, view) : view;
};

/** When it is due, with "now", "another time" and "cancel" below the countdown, in this order. */
function waitingView(
  model: FollowUpModel,
  view: PhaseView,
  { scheduledFor, canTakeBack }: CallSnapshot,
  after: NonNullable<CallSnapshot['redialAfter']>,
): PhaseView {
  const { state, site, localizer } = model;
  const detail = joinSentences([
    localizer.t(`${after}-detail`),
    localizer.t('redial-at', { time: localizer.formatTime(scheduledFor?.at ?? '') }),
  ]);
  // Other times are offered for a number, which is no longer known after a reload.
  const canChoose = site?.scheduling && 'intent' in state && state.intent;
  const [progress = nothing] = [view.body].flat();
  return {
    ...view,
    title: localizer.t(`${after}-title`),
    detail,
    shownDetail: detail,
    body: html`${progress}
      <div class="row">
        ${button(model, 'submit', true)} ${canChoose ? button(model, 'later') : nothing}
        ${canTakeBack ? button(model, 'cancel-call') : nothing} ${button(model, 'another-number')}
      </div>`,
  };
}

function droppedView({ localizer }: FollowUpModel, view: PhaseView): PhaseView {
  const detail = localizer.t('redial-dropped-detail');
  return { ...view, title: localizer.t('redial-dropped-title'), detail, shownDetail: detail };
}
