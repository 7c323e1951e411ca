// What each button of the phases does.

import type { StringKey } from '../i18n/localizer.js';
import type { CallController } from './call-controller.js';

/** What a button does; also the key of its label. */
export type Action = Extract<
  StringKey,
  | 'cancel'
  | 'back'
  | 'again'
  | 'another-number'
  | 'another-call'
  | 'cancel-call'
  | 'later'
  | 'confirm-yes'
  | 'confirm-no'
  | 'save'
>;

/** What the element itself does for an action. */
export interface ElementActions {
  reset(): void;
  later(): void;
  save(): void;
}

/** Performs an action, by the call or by the element. */
export function performAction(action: Action, call: CallController, own: ElementActions): void {
  switch (action) {
    case 'cancel':
    case 'back':
    case 'confirm-no':
      return call.cancel();
    case 'confirm-yes':
      return void call.confirmCountry();
    case 'again':
      return void call.again();
    case 'another-number':
      return own.reset();
    case 'another-call':
      return call.reset();
    case 'cancel-call':
      return void call.takeBack();
    case 'later':
      return call.state.phase === 'form' ? own.later() : void call.offerSlots();
    case 'save':
      return own.save();
  }
}
