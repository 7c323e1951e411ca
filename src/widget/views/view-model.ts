// What a view is given: texts, facts and the visitor's actions. Views know nothing about the element itself.

import type { CallStatus, Site } from '../../contract.js';
import type { Action } from '../call/actions.js';
import type { CallState } from '../call/call-state.js';
import type { Localizer } from '../i18n/localizer.js';

/** Everything a view may know and do. */
export interface ViewModel {
  readonly localizer: Localizer;
  readonly state: CallState;
  /** `stateName` of the state, or why the fallback is shown. */
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
  /** Selects the time slot whose `at` is given. */
  choose(at: string): void;
}

/** Names of the visible phases: see `stateName`. `closed`: the fallback's reason has texts of its own. */
export type PhaseName =
  | Exclude<CallState['phase'], 'following' | 'ended'>
  | Exclude<CallStatus, 'in-progress'>
  | 'talking'
  | 'closed';

/** True in the phases after a call that did not reach the visitor. */
export const isMissed = (name: PhaseName): boolean => name === 'no-answer' || name === 'busy' || name === 'failed';

/** True in the phases in which the visitor waits for something to happen. */
export const isWaiting = (name: PhaseName): boolean =>
  ['checking', 'asking', 'requested', 'created', 'queued', 'calling'].includes(name);
