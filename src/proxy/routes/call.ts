// Reads and cancels one call, by its ID and token. An unknown ID and a wrong token get the same response, and a wrong token
// never reaches the store.

import type { AppContext } from '../http/context.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Clock } from '../core/clock.js';
import type { OriginGate } from '../gates/origin.js';
import type { Log } from '../core/log.js';
import { problemResponse } from '../http/problem.js';
import { isCallId } from '../core/random-id.js';
import { type OutcomesShown, snapshotOf } from '../calls/snapshot.js';
import type { Store, StoredCall } from '../store/store.js';

/** Dependencies of the handlers. */
export interface OneCallDeps {
  readonly origin: OriginGate;
  readonly store: Pick<Store, 'read' | 'cancelScheduled'>;
  readonly keyring: Pick<Keyring, 'isToken'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Where the operator takes reports on calls. */
  readonly outcomes?: OutcomesShown | undefined;
}

/** The handlers. */
export interface OneCall {
  /** The call in the request's path or in its `Authorization` (`Bearer <id>.<token>`), if the token is right. */
  find(c: AppContext): Promise<StoredCall | undefined>;
  /** `GET /v1/calls/:id`, and `GET /v1/calls`. */
  read(c: AppContext): Promise<Response>;
  /** `DELETE /v1/calls/:id`, and `DELETE /v1/calls`. */
  cancel(c: AppContext): Promise<Response>;
}

/** Creates the handlers. */
export function createOneCall({ origin, store, keyring, clock, log, outcomes }: OneCallDeps): OneCall {
  async function find(c: AppContext): Promise<StoredCall | undefined> {
    // With the ID in front of the token, every call has the same URL, so the preflight of the request that placed it is reused.
    const [, idOfToken, token] =
      /^Bearer (?:([a-z]{1,64})\.)?([\w-]{20,100})$/.exec(c.req.header('authorization') ?? '') ?? [];
    const id = c.req.param('id') ?? idOfToken ?? '';
    if (token === undefined || !isCallId(id) || !keyring.isToken(id, token)) return undefined;
    return store.read(id);
  }

  const snapshot = (call: StoredCall): Response =>
    Response.json(snapshotOf(call, clock.now(), outcomes), { headers: { 'Cache-Control': 'no-store' } });

  return {
    find,
    async read(c) {
      const allowed = origin.toRead(c.req.raw.headers);
      if (!allowed.allowed) return problemResponse(c, allowed.problem);
      const call = await find(c);
      return call === undefined ? problemResponse(c, { code: 'not-found' }) : snapshot(call);
    },
    async cancel(c) {
      const allowed = origin.toChange(c.req.raw.headers);
      if (!allowed.allowed) return problemResponse(c, allowed.problem);
      const call = await find(c);
      if (call === undefined) return problemResponse(c, { code: 'not-found' });
      const wasCanceled = await store.cancelScheduled(call.id, 'taken-back');
      const after = await store.read(call.id);
      // The button was pressed twice, or the response was lost: the call is canceled either way.
      if (!wasCanceled && after?.endedBecause !== 'taken-back') return problemResponse(c, { code: 'not-cancellable' });
      log.info('call-canceled', { requestId: c.var.requestId, callId: call.id });
      return snapshot(after ?? call);
    },
  };
}
