// What each button does.

import type { CallController } from './call-controller.js';
import type { Wish } from '../views/view-model.js';

/** What the element itself does for a wish. */
export interface OwnDeeds {
  reset(): void;
  later(): void;
  save(): void;
}

/** Fulfils a wish, by the call or by the element. */
export function fulfil(wish: Wish, call: CallController, own: OwnDeeds): void {
  switch (wish) {
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
