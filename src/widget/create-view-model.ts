// Puts together what views are given: the page's attributes before the site's own values.

import type { CallController } from './call/call-controller.js';
import type { CallbackProperties } from './polyai-callback.properties.js';
import { countryName } from './phone/countries.js';
import type { Localizer } from './i18n/localizer.js';
import type { PhaseName, ViewModel } from './views/view-model.js';

/** The view model of this moment. `isTouched`: the visitor has been at the form, or there is a call. */
export function createViewModel(
  page: CallbackProperties,
  call: CallController,
  localizer: Localizer,
  name: PhaseName,
  isTouched: boolean,
  actions: Pick<ViewModel, 'perform' | 'choose'>,
): ViewModel {
  const { site, state, clockOffset } = call;
  return {
    ...actions,
    localizer,
    state,
    site,
    name,
    now: Date.now() + clockOffset,
    agent: page.agentName || site?.agentName || localizer.t('agent'),
    business: site?.business || localizer.t('us'),
    callerId: page.callerId || site?.callerId,
    phone: page.phone || site?.phone,
    number: (e164) => {
      // Asked before the first touch, the controller would think that somebody types.
      const reading = isTouched ? call.checkPhone(e164, undefined) : undefined;
      return reading?.ok ? reading.formatted : e164;
    },
    countryName: (code) => countryName(code, localizer.locale),
  };
}
