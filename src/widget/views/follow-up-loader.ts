// Loads the follow-up chunk for an element once its call has something for it to show.

import type { ReactiveController } from 'lit';
import type { ElementHost } from '../internal/element-host.js';
import { loadFollowUp } from '../internal/follow-up.js';
import type { ViewModel } from './view-model.js';

/** True where the site or the page has anything that accompanies or follows a call, and one has been requested; and for a callback, which has a calendar file. */
export const needsFollowUp = ({ state, name, callerId, site }: ViewModel): boolean =>
  state.phase !== 'form' && state.phase !== 'fallback' && !!(callerId || site?.followUp || name === 'scheduled');

/**
 * The follow-up chunk of one element, as a Lit controller.
 *
 * @example
 * ```ts
 * this.addController(new FollowUpLoader(this, () => this.#model()));
 * ```
 */
export class FollowUpLoader implements ReactiveController {
  readonly #host: ElementHost;
  readonly #model: () => ViewModel;

  constructor(host: ElementHost, model: () => ViewModel) {
    this.#host = host;
    this.#model = model;
  }

  hostUpdated(): void {
    const model = this.#model();
    if (needsFollowUp(model)) void loadFollowUp().then((chunk) => chunk?.prepareFollowUp(this.#host, model.localizer));
  }
}
