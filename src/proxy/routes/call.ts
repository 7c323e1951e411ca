// Reads and cancels one call, by its ID and token. An unknown ID and a wrong token get the same response, and a wrong token
// never reaches the store.

import { isTerminal } from '../../contract.js';
import type { AppContext } from '../http/context.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Clock } from '../core/clock.js';
import type { OriginGate } from '../gates/origin.js';
import type { Log } from '../core/log.js';
import { problemResponse } from '../http/problem.js';
import { isCallId } from '../core/random-id.js';
import { type HolderView, type PlacesShown, snapshotOf } from '../calls/snapshot.js';
import type { Store, StoredCall } from '../store/store.js';

/** Dependencies of the handlers. */
export interface OneCallDeps {
  readonly origin: OriginGate;
  readonly store: Pick<Store, 'read' | 'cancelScheduled' | 'redialNow'>;
  readonly keyring: Pick<Keyring, 'isToken'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly view: HolderView & { readonly queue: PlacesShown };
}

/** The handlers. */
export interface OneCall {
  /** The call in the request's path or in its `Authorization` (`Bearer <id>.<token>`), if the token is right. */
  find(c: AppContext): Promise<StoredCall | undefined>;
  /** `GET /v1/calls/:id`, and `GET /v1/calls`. */
  read(c: AppContext): Promise<Response>;
  /** `DELETE /v1/calls/:id`, and `DELETE /v1/calls`. */
  cancel(c: AppContext): Promise<Response>;
  /** `PATCH /v1/calls/:id`, and `PATCH /v1/calls`: a second attempt that waits is due now. */
  redialNow(c: AppContext): Promise<Response>;
}

/** Creates the handlers. */
export function createOneCall({ origin, store, keyring, clock, log, view }: OneCallDeps): OneCall {
  async function find(c: AppContext): Promise<StoredCall | undefined> {
    // With the ID in front of the token, every call has the same URL, so the preflight of the request that placed it is reused.
    const [, idOfToken, token] =
      /^Bearer (?:([a-z]{1,64})\.)?([\w-]{20,100})$/.exec(c.req.header('authorization') ?? '') ?? [];
    const id = c.req.param('id') ?? idOfToken ?? '';
    if (token === undefined || !isCallId(id) || !keyring.isToken(id, token)) return undefined;
    const call = await store.read(id);
    // Other instances place calls too: one that waits is shown with its place as it is now.
    if (call?.isQueued && view.queue.placeOf(id) === undefined) await view.queue.read(id);
    return call;
  }

  const snapshot = (call: StoredCall): Response =>
    Response.json(snapshotOf(call, clock.now(), view), { headers: { 'Cache-Control': 'no-store' } });

  /** The call of a page that may change it, or why it may not. */
  async function toChange(c: AppContext): Promise<StoredCall | Response> {
    const allowed = origin.toChange(c.req.raw.headers);
    if (!allowed.allowed) return problemResponse(c, allowed.problem);
    return (await find(c)) ?? problemResponse(c, { code: 'not-found' });
  }

  return {
    find,
    async read(c) {
      const allowed = origin.toRead(c.req.raw.headers);
      if (!allowed.allowed) return problemResponse(c, allowed.problem);
      const call = await find(c);
      return call === undefined ? problemResponse(c, { code: 'not-found' }) : snapshot(call);
    },
    async cancel(c) {
      const call = await toChange(c);
      if (call instanceof Response) return call;
      const wasCanceled = await store.cancelScheduled(call.id, 'taken-back');
      const after = await store.read(call.id);
      // The button was pressed twice, or the response was lost: the call is canceled either way.
      if (!wasCanceled && after?.endedBecause !== 'taken-back') return problemResponse(c, { code: 'not-cancellable' });
      log.info('call-canceled', { requestId: c.var.requestId, callId: call.id });
      return snapshot(after ?? call);
    },
    async redialNow(c) {
      const call = await toChange(c);
      if (call instanceof Response) return call;
      const changed = call.redialAfter && (await store.redialNow(call.id));
      // Pressed twice, or due in the meantime: it is under way.
      const isUnderWay = call.redialAfter && !isTerminal(call.status);
      if (!changed && !isUnderWay) return problemResponse(c, { code: 'not-cancellable' });
      if (changed) log.info('redial-requested', { requestId: c.var.requestId, callId: call.id });
      return snapshot(changed ?? call);
    },
  };
}
