// POST /v1/webhooks/suppressions: puts a number on the suppression list when someone asks the agent not to call again. Signed
// according to Standard Webhooks (http/webhook-request.ts); each ID is accepted once.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { AppContext } from '../http/context.js';
import { withoutMexicanPrefix } from '../secrets/canonical-number.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Problem } from '../core/verdict.js';
import type { Log } from '../core/log.js';
import { problemResponse } from '../http/problem.js';
import { suppressionSchema } from '../http/request-schemas.js';
import type { ReadWebhook } from '../http/webhook-request.js';
import type { Store } from '../store/store.js';

/** Dependencies of the handler. Without a reader, that is without a secret, the route does not exist. */
export interface SuppressionsDeps {
  readonly readWebhook: ReadWebhook | undefined;
  readonly store: Pick<Store, 'suppress'>;
  readonly keyring: Pick<Keyring, 'numberKeys' | 'seal'>;
  /** True where an endpoint receives numbers. */
  readonly sealsNumbers: boolean;
  readonly log: Log;
}

/** Creates the handler. */
export function createSuppressions(deps: SuppressionsDeps): (c: AppContext) => Promise<Response> {
  const { readWebhook, store, keyring, sealsNumbers, log } = deps;

  return async function suppress(c) {
    const refuse = (problem: Problem): Response => problemResponse(c, problem);
    if (readWebhook === undefined) return refuse({ code: 'not-found' });
    const received = await readWebhook(c, suppressionSchema);
    if (!received.allowed) {
      log.info('webhook-refused', { requestId: c.get('requestId'), code: received.problem.code });
      return refuse(received.problem);
    }
    const { message, value } = received.value;
    const written = parsePhoneNumberFromString(value.data.number, { extract: false });
    // Carriers still send Mexican mobile numbers in their old form, which rings the same phone.
    const number = written && parsePhoneNumberFromString(withoutMexicanPrefix(written.number), { extract: false });
    // The sender must learn that a number cannot be called; otherwise the person would seem to be on the list.
    if (number?.isPossible() !== true) {
      log.warn('suppression-number-refused', { requestId: c.get('requestId') });
      return refuse({ code: 'number-refused', reason: 'not-in-use' });
    }
    const sealed = sealsNumbers ? keyring.seal(number.number) : undefined;
    const isNew = await store.suppress(keyring.numberKeys(number.number), 'webhook', message, sealed);
    log.info(isNew ? 'number-suppressed' : 'webhook-repeated', { requestId: c.var.requestId, source: 'webhook' });
    return new Response(null, { status: 204 });
  };
}
