// Loads the follow-up chunk for an element once its call has something for it to show.

import type { ReactiveController } from 'lit';
import type { CallSnapshot } from '../../contract.js';
import type { Problem } from '../api/result.js';
import type { ElementHost } from '../internal/element-host.js';
import { loadFollowUp } from '../internal/follow-up.js';
import type { ViewModel } from './view-model.js';

/**
 * True once a call has been requested, if the site or the page has anything that accompanies or follows one. Also true, whatever they
 * have, for a call that waits and for a refusal that comes with an offer.
 */
const needsFollowUp = ({ state, callerId, site }: ViewModel): unknown => {
  const { call, problem } = state as { readonly call?: CallSnapshot; readonly problem?: Problem };
  const hasOffer = problem?.queue || problem?.slots?.[0];
  return (
    !['form', 'fallback'].includes(state.phase) &&
    (callerId || site?.followUp || call?.status === 'scheduled' || hasOffer)
  );
};

/**
 * The follow-up chunk of one element, as a Lit controller.
 *
 * @example
 * ```ts
 * this.addController(followUpLoader(this, () => this.#model()));
 * ```
 */
export const followUpLoader = (host: ElementHost, model: () => ViewModel): ReactiveController => ({
  hostUpdated() {
    if (needsFollowUp(model())) void loadFollowUp().then((chunk) => chunk?.prepareFollowUp(host, model));
  },
});
