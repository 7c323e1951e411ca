// Places the calls of the queue, in their order: once a second while any wait, and as soon as a call ends. Each is checked again and placed
// once, or its end is recorded. The store decides whose turn it is, so several instances can do this at the same time.

import { dispatchLifeMs } from '../calls/dispatch-deadline.js';
import type { CallPlacer } from '../calls/place-call.js';
import { type PlanRedial, planWhenPlaced } from '../calls/redial.js';
import { openRequest, type ScheduledRequest } from '../calls/sealed-request.js';
import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { NumberGate } from '../gates/number.js';
import { type AllowanceGate, limitOf, type SharedAllowances } from '../gates/rate-limit.js';
import type { Hours } from '../hours/hours.js';
import type { Keyring } from '../secrets/keyring.js';
import { isWaitOver, type QueueReview, type QueueStore, type WaitingCall } from '../store/queue.js';
import type { Store, StoredCall } from '../store/store.js';
import type { QueuePlaces } from './places.js';

/** Dependencies. */
export interface QueueTurnsDeps {
  readonly store: QueueStore & Pick<Store, 'cancelScheduled'>;
  readonly placer: Pick<CallPlacer, 'admit' | 'place' | 'hasRoom'>;
  readonly keyring: Pick<Keyring, 'open' | 'numberKeys'>;
  readonly number: NumberGate;
  readonly allowance: Pick<AllowanceGate, 'forTurn' | 'forNumber'>;
  readonly hours: Pick<Hours, 'verdict'>;
  /** Only where the operator allows one more call after a missed one. */
  readonly planRedial?: PlanRedial | undefined;
  readonly places: Pick<QueuePlaces, 'update'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Called with the calls whose place has changed. */
  readonly onMoved?: (callIds: readonly string[]) => void;
}

/** The queue of one process. */
export interface QueueTurns {
  /** Called at least once a second. `isWaiting`: whether any call waits; if none does, nothing is read. */
  tick(isWaiting: boolean): void;
  /** A call has ended: there may be room. */
  onRoom(): void;
  /** Begins no more turns; resolves when none is under way and every call that was started is placed. */
  stop(): Promise<void>;
  /** Resolves when no turn is under way. */
  idle(): Promise<void>;
}

/** All calls of the queue count as one visitor: who requested them is no longer known. */
const queued = 'queue';
/** How often calls that were passed over are tried again, milliseconds: a cool-down may be over. */
const passedOverEveryMs = 30_000;

type Next = NonNullable<QueueReview['next']>;

/** Creates it. */
export function createQueueTurns(deps: QueueTurnsDeps): QueueTurns {
  const { store, placer, keyring, allowance, hours, places, clock, log } = deps;
  let running: Promise<void> | undefined;
  const placing = new Set<Promise<unknown>>();
  /** Calls whose wait is over and that could not be ended. */
  const stuck = new Set<string>();
  let isWanted = false;
  let isKnown = false;
  const stopping = new AbortController();
  let passedOverTriedAt = Number.NEGATIVE_INFINITY;

  function run(): void {
    if (stopping.signal.aborted) return;
    isWanted = running !== undefined;
    running ??= turn()
      .catch((error: unknown) => log.error('queue-fault', {}, error))
      .then(() => {
        running = undefined;
        // What happened meanwhile may have made room.
        if (isWanted) run();
      });
  }

  async function turn(): Promise<void> {
    const now = clock.now();
    const includesPassedOver = Math.abs(now - passedOverTriedAt) >= passedOverEveryMs;
    if (includesPassedOver) passedOverTriedAt = now;
    let waiting = await endExpired(await store.readQueue(), now, includesPassedOver);
    isKnown = waiting.length > 0;
    const tried = new Set<string>();
    for (let isMore = true; isMore; ) {
      const checks = await checksOf(
        waiting.filter(({ callId }) => !tried.has(callId)),
        now,
      );
      const review = waiting.length === 0 ? emptyReview : await store.reviewQueue(checks, includesPassedOver);
      const moved = await places.update(review);
      if (moved.length > 0) deps.onMoved?.(moved);
      const { next } = review;
      const check = next && checks.get(next.call.id);
      isMore = next !== undefined && check !== undefined && (await start(next, check, now));
      if (next) tried.add(next.call.id);
      if (isMore) waiting = await store.readQueue();
    }
  }

  /** Ends those that have waited for too long; returns the others. */
  async function endExpired(
    waiting: readonly WaitingCall[],
    now: number,
    includesStuck: boolean,
  ): Promise<readonly WaitingCall[]> {
    const expired = waiting.filter(({ joinedAt }) => isWaitOver(joinedAt, now));
    for (const { callId } of expired) if (includesStuck || !stuck.has(callId)) await endOrPassOver(callId);
    return waiting.filter((one) => !expired.includes(one));
  }

  /** A damaged row cannot be ended, and must not keep the others from their turns. Where the store is what failed, this rejects. */
  async function endOrPassOver(callId: string): Promise<void> {
    try {
      await end(callId, 'not-sent');
      stuck.delete(callId);
    } catch (error) {
      await store.passOver(callId);
      stuck.add(callId);
      log.error('queue-call-stuck', { callId }, error);
    }
  }

  async function checksOf(
    waiting: readonly WaitingCall[],
    now: number,
  ): Promise<ReadonlyMap<string, SharedAllowances>> {
    const known = new Map<string, Promise<SharedAllowances>>();
    const found = waiting.map(async ({ callId, origin, country }) => {
      const name = `${origin} ${country}`;
      const check = known.get(name) ?? allowance.forTurn({ origin, country, now });
      known.set(name, check);
      return [callId, await check] as const;
    });
    return new Map(await Promise.all(found));
  }

  /** Starts the call whose turn it is. False when no other can have its turn now. */
  async function start({ call, sealedRequest }: Next, shared: SharedAllowances, now: number): Promise<boolean> {
    // The number's owner opted out after the call joined, and has allowed calls again since: the earlier consent no longer counts.
    if (sealedRequest === undefined) {
      await store.passOver(call.id);
      return true;
    }
    const request = opened(call, sealedRequest);
    if (request === undefined || !isAllowed(request, now)) {
      await end(call.id, 'not-allowed-when-due');
      return true;
    }
    const pass = placer.hasRoom() ? placer.admit() : undefined;
    if (pass?.allowed !== true) return false;
    const numberKeys = keyring.numberKeys(request.number.e164);
    const own = allowance.forNumber({ number: request.number, numberKeys });
    const refusal = await store
      .startQueued(call.id, {
        numberKeys,
        limits: shared.limits,
        consumptions: [...shared.consumptions, ...own.consumptions],
        concurrencySlots: [...shared.concurrencySlots, ...own.concurrencySlots],
        dispatchDeadline: now + dispatchLifeMs,
        redial: planWhenPlaced(deps.planRedial, call, request, now),
      })
      .catch((error: unknown) => {
        pass.value.release();
        throw error;
      });
    if (refusal !== undefined) {
      pass.value.release();
      if (refusal.kind !== 'not-waiting') log.info('queue-turn-refused', { callId: call.id, ...limitOf(refusal) });
      // Not a limit that others wait for: the next one may have its turn.
      return true;
    }
    log.info('queue-turn', { callId: call.id, waitedMs: now - call.createdAt });
    // Not awaited: the others' turns do not depend on how it ends. It never rejects.
    const work = placer.place({
      call,
      number: request.number.e164,
      metadata: request.metadata,
      pass: pass.value,
      visitor: queued,
    });
    placing.add(work);
    void work.finally(() => placing.delete(work));
    return true;
  }

  function opened(call: StoredCall, sealedRequest: string): ScheduledRequest | undefined {
    try {
      return openRequest(keyring, sealedRequest);
    } catch (error) {
      log.error('sealed-request-unreadable', { callId: call.id }, error);
      return undefined;
    }
  }

  /** The operator's countries and the hours, as they are now. */
  function isAllowed({ number, timeZone }: ScheduledRequest, now: number): boolean {
    const again = deps.number({ phone: number.e164, international: true });
    return again.allowed && hours.verdict({ ...number, browserZone: timeZone, now }).open;
  }

  async function end(callId: string, because: NonNullable<StoredCall['endedBecause']>): Promise<void> {
    if (await store.cancelScheduled(callId, because)) log.info('queue-ended', { callId, because });
  }

  const idle = async (): Promise<void> => {
    await running;
    if (running !== undefined) await idle();
  };

  return {
    tick(isWaiting) {
      // Once more when it has become empty, so that nobody is shown a place that is gone.
      if (isWaiting || isKnown) run();
    },
    onRoom() {
      if (isKnown) run();
    },
    async stop() {
      stopping.abort();
      await idle();
      await Promise.allSettled(placing);
    },
    idle,
  };
}

const emptyReview: QueueReview = { waiting: [], refusals: new Map() };
