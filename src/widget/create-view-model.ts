// Assembles what views are given: the page's attributes override the site's values.

import type { CallController } from './call/call-controller.js';
import type { CallbackProperties } from './polyai-callback.properties.js';
import { countryName } from './phone/countries.js';
import type { Localizer } from './i18n/localizer.js';
import type { PhaseName, ViewModel } from './views/view-model.js';

/** The current view model. */
export function createViewModel(
  page: CallbackProperties,
  call: CallController,
  localizer: Localizer,
  name: PhaseName,
  actions: Pick<ViewModel, 'perform' | 'choose'>,
): ViewModel {
  const { site, state, clockOffset, flow } = call;
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
      const parsed = flow?.phone.check(e164, undefined, call.countries);
      const text = parsed?.ok ? parsed.formatted : (site?.formattedNumbers?.[e164] ?? e164);
      // A number does not wrap.
      return text.replaceAll(' ', '\u00a0');
    },
    countryName: (code) => countryName(code, localizer.locale),
  };
}
