// POST /v1/webhooks/outcomes: the agent reports the outcome of a call. The report is authenticated, checked, encrypted and stored with
// the call in one transaction, which also puts the number on the suppression list if the person asked for that.

import type { Log } from '../core/log.js';
import type { Handler } from '../http/context.js';
import { problemResponse } from '../http/problem.js';
import type { ReadWebhook } from '../http/webhook-request.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Store } from '../store/store.js';
import { sealOutcome } from './stored-outcome.js';
import { outcomeSchema } from './outcome-schema.js';

/** URL path. Not in the contract: the element does not use it. */
export const outcomesPath = '/v1/webhooks/outcomes';

/** Dependencies of the handler. */
export interface OutcomesDeps {
  readonly readWebhook: ReadWebhook;
  readonly linkHosts: readonly string[];
  readonly store: Pick<Store, 'recordOutcome'>;
  readonly keyring: Pick<Keyring, 'seal'>;
  readonly log: Log;
}

/** Creates the handler. */
export function createOutcomes({ readWebhook, linkHosts, store, keyring, log }: OutcomesDeps): Handler {
  const schema = outcomeSchema(linkHosts);

  return async function reportOutcome(c) {
    const requestId = c.get('requestId');
    const received = await readWebhook(c, schema);
    if (!received.allowed) {
      log.info('outcome-refused', { requestId, code: received.problem.code });
      return problemResponse(c, received.problem);
    }
    const { message, value: report } = received.value;
    const { callId, upstreamId, doNotCall, outcome } = report;
    const recorded = await store.recordOutcome({
      ...(callId !== undefined && { callId }),
      ...(upstreamId !== undefined && { upstreamId }),
      ...(message !== undefined && { message }),
      answeredBy: outcome.answeredBy,
      disposition: outcome.disposition,
      sealedText: sealOutcome(keyring, report),
      doNotCall,
    });
    switch (recorded.kind) {
      case 'unknown-call':
        log.warn('outcome-call-unknown', { requestId });
        return problemResponse(c, { code: 'not-found' });
      case 'repeated':
        log.info('webhook-repeated', { requestId, source: 'outcome' });
        return new Response(null, { status: 204 });
      case 'recorded': {
        const { answeredBy, disposition } = outcome;
        log.info('outcome-recorded', { requestId, callId: recorded.call.id, answeredBy, disposition });
        if (doNotCall) log.info('number-suppressed', { requestId, source: 'outcome' });
        return new Response(null, { status: 204 });
      }
    }
  };
}
