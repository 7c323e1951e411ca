// What a phase shows: its title, its detail, its icon and its body.

import type { TemplateResult } from 'lit';
import { withNumber } from './emphasis.js';
import { sign } from './icon.js';
import { followUp } from '../internal/follow-up.js';
import { bodyOf } from './phase-body.js';
import { detailOf, titleOf } from './phase-text.js';
import type { ViewModel } from './view-model.js';

/** What a phase shows. */
export interface PhaseView {
  readonly title: string;
  /** The icon above the title. */
  readonly sign?: TemplateResult;
  /** The sentence under the title. */
  readonly detail: string;
  /** The same as it is displayed: the caller ID is large while the phone rings. After a completed call, only the same string may give way to the page's own text for success. */
  readonly shownDetail: TemplateResult | string;
  /** While a call is followed: its progress, then its actions. */
  readonly body: TemplateResult | symbol | readonly (TemplateResult | symbol)[];
}

/** The view of the current phase. */
export function phaseView(model: ViewModel): PhaseView {
  const { name, callerId, number } = model;
  const detail = detailOf(model);
  const isCaller = name === 'ringing' && callerId !== undefined;
  const view: PhaseView = {
    title: titleOf(model),
    ...(name !== 'form' && { sign: sign(model) }),
    detail,
    shownDetail: isCaller ? withNumber(model, 'ringing-caller', number(callerId), 'caller') : detail,
    body: bodyOf(model),
  };
  return followUp()?.followUpView(model, view) ?? view;
}
