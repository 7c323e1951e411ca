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
  | 'submit'
  | 'leave'
  | 'confirm-yes'
  | 'confirm-no'
>;

/** What the element itself does for an action. */
export interface ElementActions {
  reset(): void;
  later(): void;
}

/** Performs an action, by the call or by the element. */
export function performAction(action: Action, call: CallController, own: ElementActions): void {
  const { flow } = call;
  switch (action) {
    case 'cancel':
    case 'back':
    case 'confirm-no':
      return flow?.cancel();
    case 'confirm-yes':
      return void flow?.confirmCountry();
    case 'again':
      return void flow?.again();
    case 'another-number':
      return own.reset();
    case 'another-call':
      return flow?.end('reset');
    case 'leave':
      return flow?.end('leave');
    case 'cancel-call':
      return void flow?.cancelCall();
    case 'later':
      return call.state.phase === 'form' ? own.later() : void flow?.offerSlots();
    case 'submit':
      return void flow?.redialNow();
  }
}
