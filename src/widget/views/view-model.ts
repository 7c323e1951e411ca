// What a view is given: texts, facts and the visitor's actions. Views know nothing about the element itself.

import type { Site } from '../../contract.js';
import type { Choice } from '../api/result.js';
import type { Action } from '../call/actions.js';
import type { CallController } from '../call/call-controller.js';
import { type CallState, type PhaseName, phaseNameOf } from '../call/call-state.js';
import type { PhoneField } from '../form/phone-field.js';
import type { Localizer } from '../i18n/localizer.js';
import { countryName } from '../phone/countries.js';

/** Everything a view may know and do. */
export interface ViewModel {
  readonly localizer: Localizer;
  readonly state: CallState;
  readonly name: PhaseName;
  readonly site: Site | undefined;
  /** The proxy's clock, epoch ms. */
  readonly now: number;
  readonly agent: string;
  readonly business: string;
  /** Caller ID of the agent, E.164. */
  readonly callerId: string | undefined;
  /** Number to call instead, E.164. */
  readonly phone: string | undefined;
  /** A number as people write it; E.164 where the phone code is not loaded. */
  number(e164: string): string;
  countryName(code: string): string;
  /** Performs a button's action. */
  perform(action: Action): void;
  /** Requests the call at a time, or a place in the queue. */
  choose(choice: Choice): void;
}

/** The inputs of a view model besides the text. */
export interface ViewModelSource {
  /** The page's own settings: they override the site's. */
  readonly page: {
    readonly agentName: string | undefined;
    readonly callerId: string | undefined;
    readonly phone: string | undefined;
  };
  readonly call: CallController;
  /** Formats a number, once the phone code has loaded. */
  readonly field: PhoneField;
  readonly perform: ViewModel['perform'];
  readonly choose: ViewModel['choose'];
}

/** The current view model. */
export function createViewModel({ page, call, field, ...actions }: ViewModelSource, localizer: Localizer): ViewModel {
  const { site, state, clockOffset } = call;
  return {
    ...actions,
    localizer,
    state,
    site,
    name: phaseNameOf(state),
    now: Date.now() + clockOffset,
    agent: page.agentName || site?.agentName || localizer.t('agent'),
    business: site?.business || localizer.t('us'),
    callerId: page.callerId || site?.callerId,
    phone: page.phone || site?.phone,
    // A number does not wrap.
    number: (e164) => (field.reader?.format(e164) ?? site?.formattedNumbers?.[e164] ?? e164).replaceAll(' ', '\u00a0'),
    countryName: (code) => countryName(code, localizer.locale),
  };
}

/** True in the phases after a call that did not reach the visitor. */
export const isMissed = (name: PhaseName): boolean => name === 'no-answer' || name === 'busy' || name === 'failed';

/** True in the phases in which the visitor waits for something to happen. */
export const isWaiting = (name: PhaseName): boolean =>
  ['checking', 'submitting', 'requested', 'created', 'queued', 'calling'].includes(name);
