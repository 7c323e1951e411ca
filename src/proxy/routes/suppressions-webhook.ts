// POST /v1/webhooks/suppressions: puts a number on the suppression list when someone asks the agent not to call again. Signed
// according to Standard Webhooks (HMAC over `id.timestamp.body`, ± 5 minutes); each ID is accepted once.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { AppContext } from '../http/context.js';
import { withoutMexicanPrefix } from '../secrets/canonical-number.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Clock } from '../core/clock.js';
import type { Problem } from '../core/verdict.js';
import type { Log } from '../core/log.js';
import { problemResponse } from '../http/problem.js';
import { readBytes } from '../http/bounded-body.js';
import { isJsonRequest, maxBodyBytes, parseBody } from '../http/json-body.js';
import { suppressionSchema } from '../http/request-schemas.js';
import type { Store } from '../store/store.js';

/** Dependencies of the handler. Without a secret the route does not exist. */
export interface SuppressionsDeps {
  readonly secret: string | undefined;
  readonly store: Pick<Store, 'suppress'>;
  readonly keyring: Pick<Keyring, 'numberKeys'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** An ID is remembered for longer than its signature is valid, whichever way the clocks differ. */
const idLifeMs = 60 * 60_000;

/** Creates the handler. */
export function createSuppressions(deps: SuppressionsDeps): (c: AppContext) => Promise<Response> {
  const { secret, store, keyring, clock, log } = deps;
  const webhook = secret === undefined ? undefined : new Webhook(secret);

  return async function suppress(c) {
    const refuse = (problem: Problem): Response => problemResponse(c, problem);
    if (webhook === undefined) return refuse({ code: 'not-found' });
    if (!isJsonRequest(c.req.raw.headers)) return refuse({ code: 'unsupported-media-type' });
    const bytes = await readBytes(c.req.raw, c.env?.incoming, maxBodyBytes);
    if (!bytes.allowed) return refuse(bytes.problem);
    const id = c.req.header('webhook-id') ?? '';
    if (!/^[\x21-\x7e]{1,256}$/.test(id) || !isSigned(webhook, bytes.value, c)) {
      log.info('webhook-refused', { requestId: c.get('requestId'), code: 'invalid-request' });
      return refuse({ code: 'invalid-request' });
    }
    const body = parseBody(bytes.value, suppressionSchema);
    if (!body.allowed) return refuse(body.problem);
    const written = parsePhoneNumberFromString(body.value.data.number, { extract: false });
    // Carriers still send Mexican mobile numbers in their old form, which rings the same phone.
    const number = written && parsePhoneNumberFromString(withoutMexicanPrefix(written.number), { extract: false });
    // The sender must learn that a number cannot be called; otherwise the person would seem to be on the list.
    if (number?.isPossible() !== true) {
      log.warn('suppression-number-refused', { requestId: c.get('requestId') });
      return refuse({ code: 'number-refused', reason: 'not-in-use' });
    }
    const message = { id, expiresAt: clock.now() + idLifeMs };
    const isNew = await store.suppress(keyring.numberKeys(number.number), 'webhook', message);
    log.info(isNew ? 'number-suppressed' : 'webhook-repeated', { requestId: c.var.requestId, source: 'webhook' });
    return new Response(null, { status: 204 });
  };
}

function isSigned(webhook: Webhook, bytes: Uint8Array, c: AppContext): boolean {
  try {
    webhook.verify(Buffer.from(bytes), c.req.header(), { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
