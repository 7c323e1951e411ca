// The places that visitors see: position and expected wait of every waiting call, as this process last knew them. Decides nothing; the
// order is in store/queue.ts.

import type { QueuePlace } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import type { Limits } from '../gates/limits.js';
import { limitOfRefusal, limitsOf, positionOf, type QueueReview, type WaitingCall } from '../store/queue.js';
import type { Refusal, Store } from '../store/store.js';
import { type Cause, causeOf, usualHoldMs, waitSecondsOf } from './estimate.js';

/** The places in the queue. */
export interface QueuePlaces {
  /** The place of a call as last known; undefined when it is not known to wait. */
  placeOf(callId: string): QueuePlace | undefined;
  /** The same, read if it is not known. */
  read(callId: string): Promise<QueuePlace | undefined>;
  /** The place that a call would get that is refused for these reasons and would join now, read anew. */
  expected(origin: string, country: string, refusals: readonly Refusal[]): Promise<QueuePlace>;
  /** Takes over what a review has found. Returns the calls whose place has changed noticeably. */
  update(review: Pick<QueueReview, 'waiting' | 'refusals'>): Promise<readonly string[]>;
}

/** Dependencies. */
export interface QueuePlacesDeps {
  readonly store: Pick<Store, 'readQueue' | 'recentCalls'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits: Limits;
  readonly homeCountry: string;
}

/** How many of the newest calls are considered, and how often they are read, milliseconds. */
const newestCalls = 200;
const freshMs = 60_000;
/** A different estimate is shown from this difference on, seconds. */
const noticeableSeconds = 30;

/** Creates them. */
export function createQueuePlaces({ store, clock, limits, homeCountry }: QueuePlacesDeps): QueuePlaces {
  let shown = new Map<string, QueuePlace>();
  let causes = new Map<string, readonly Cause[]>();
  let holdMs: number | undefined;
  let holdReadAt = Number.NEGATIVE_INFINITY;

  async function readHold(): Promise<void> {
    const now = clock.now();
    if (Math.abs(now - holdReadAt) < freshMs) return;
    holdReadAt = now;
    holdMs = usualHoldMs(await store.recentCalls(newestCalls), now);
  }

  const limitsFor = (origin: string, country: string): readonly string[] =>
    limitsOf(origin, country, country !== homeCountry);

  function placeFor(
    limits: readonly string[],
    among: readonly WaitingCall[],
    order?: number,
    known: ReadonlyMap<string, readonly Cause[]> = causes,
  ): QueuePlace {
    const waits = limits.map((limit) =>
      waitSecondsOf(positionOf([limit], among, order), known.get(limit) ?? [], holdMs),
    );
    const blocked = limits.filter((limit) => known.has(limit));
    const seconds = waits.filter((wait) => wait !== undefined);
    return {
      position: positionOf(limits, among, order),
      ...(seconds.length > 0 && seconds.length === blocked.length && { waitSeconds: Math.max(...seconds) }),
    };
  }

  /** Works out every place anew, and returns what has changed. */
  function show(now: readonly WaitingCall[]): readonly string[] {
    const before = shown;
    shown = new Map();
    const changed: string[] = [];
    for (const { callId, order, origin, country } of now) {
      const last = before.get(callId);
      const place = placeFor(limitsFor(origin, country), now, order);
      // What nothing shows anymore stays as it was: a wait that disappears would tell that a call was passed over.
      const next = last?.position === place.position && place.waitSeconds === undefined ? last : place;
      const isNoticeable =
        last === undefined || last.position !== next.position || differs(last.waitSeconds, next.waitSeconds);
      if (isNoticeable) changed.push(callId);
      shown.set(callId, isNoticeable ? next : last);
    }
    return changed;
  }

  const causesOf = (refusals: readonly Refusal[], limits: readonly string[]): Map<string, Cause[]> => {
    const found = new Map<string, Cause[]>();
    for (const refusal of refusals) {
      const limit = limitOfRefusal(refusal.kind === 'rate-limited' ? { ...refusal, retryAfterMs: 0 } : refusal, limits);
      const cause = causeOf(refusal, limitsInForce);
      if (limit !== undefined && cause !== undefined) found.set(limit, [...(found.get(limit) ?? []), cause]);
    }
    return found;
  };
  const limitsInForce = limits;

  return {
    placeOf: (callId) => shown.get(callId),
    async read(callId) {
      const [now] = await Promise.all([store.readQueue(), readHold()]);
      const one = now.find((call) => call.callId === callId);
      if (one !== undefined && !shown.has(callId))
        shown.set(callId, placeFor(limitsFor(one.origin, one.country), now, one.order));
      return one && shown.get(callId);
    },
    async expected(origin, country, refusals) {
      const [now] = await Promise.all([store.readQueue(), readHold()]);
      const limits = limitsFor(origin, country);
      return placeFor(limits, now, undefined, new Map([...causes, ...causesOf(refusals, limits)]));
    },
    async update({ waiting: now, refusals }) {
      if (now.length > 0) await readHold();
      const found = new Map<string, readonly Cause[]>();
      for (const { callId, origin, country } of now) {
        const known = causesOf(refusals.get(callId) ?? [], limitsFor(origin, country));
        // Those of the first in line: later calls have the same, and theirs may not have been reviewed.
        for (const [limit, one] of known) if (!found.has(limit)) found.set(limit, one);
      }
      causes = found;
      return show(now);
    },
  };
}

const differs = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined ? a !== b : Math.abs(a - b) >= noticeableSeconds;
