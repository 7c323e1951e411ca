// The places that visitors see: position and expected wait of every waiting call, as this process last knew them. Decides nothing; the
// order is in store/queue.ts.

import type { QueuePlace } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import type { Limits } from '../gates/limits.js';
import { isWaitOver, limitNamed, limitsOf, positionOf, type QueueReview, type WaitingCall } from '../store/queue.js';
import type { Refusal, Store } from '../store/store.js';
import { type Cause, causeOf, usualHoldMs, waitSecondsOf } from './estimate.js';

/** The places in the queue. */
export interface QueuePlaces {
  /** The place of a call as last known, without a wait that would be over before its turn; undefined when it is not known to wait. */
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

/** How long what a refusal showed is used for somebody who joins, until the next turn shows more, milliseconds. */
const learnedForMs = 60_000;

/** A place as it was last shown. */
interface ShownPlace {
  readonly place: QueuePlace;
  /** Epoch milliseconds. */
  readonly joinedAt: number;
}

type Causes = ReadonlyMap<string, readonly Cause[]>;

/** Creates them. */
export function createQueuePlaces({ store, clock, limits: inForce, homeCountry }: QueuePlacesDeps): QueuePlaces {
  let shown = new Map<string, ShownPlace>();
  /** What stands in the way at each limit, by the last review. */
  let causes: Causes = new Map();
  /** The same by refusals, for limits for which nobody waited then. */
  const learned = new Map<string, { readonly at: number; readonly causes: readonly Cause[] }>();
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

  function placeFor(limits: readonly string[], waiting: readonly WaitingCall[], order?: number): QueuePlace {
    const now = clock.now();
    const waits = limits.flatMap((limit) => {
      const recent = learned.get(limit);
      const isRecent = recent !== undefined && Math.abs(now - recent.at) < learnedForMs;
      const known = causes.get(limit) ?? (isRecent ? recent.causes : []);
      return known.length === 0 ? [] : [waitSecondsOf(positionOf([limit], waiting, order), known, holdMs)];
    });
    const seconds = waits.filter((wait) => wait !== undefined);
    // Where one of several causes is unknown, the wait is too.
    const isKnown = seconds.length > 0 && seconds.length === waits.length;
    return { position: positionOf(limits, waiting, order), ...(isKnown && { waitSeconds: Math.max(...seconds) }) };
  }

  /** Works out every place anew, and returns the calls whose place has changed. */
  function show(waiting: readonly WaitingCall[]): readonly string[] {
    const before = shown;
    shown = new Map();
    const changed: string[] = [];
    for (const { callId, order, origin, country, joinedAt } of waiting) {
      const last = before.get(callId)?.place;
      const place = placeFor(limitsFor(origin, country), waiting, order);
      // What nothing shows anymore stays as it was: a wait that disappears would tell that a call was passed over.
      const known = last?.position === place.position && place.waitSeconds === undefined ? last : place;
      const next = possible({ place: known, joinedAt }, clock.now());
      const hasChanged = last?.position !== next.position || differs(last.waitSeconds, next.waitSeconds);
      if (hasChanged) changed.push(callId);
      shown.set(callId, { place: hasChanged || last === undefined ? next : last, joinedAt });
    }
    return changed;
  }

  function causesOf(refusals: readonly Refusal[], limits: readonly string[]): Map<string, Cause[]> {
    const found = new Map<string, Cause[]>();
    for (const refusal of refusals) {
      const limit = limitNamed(refusal, limits);
      const cause = causeOf(refusal, inForce);
      if (limit !== undefined && cause !== undefined) found.set(limit, [...(found.get(limit) ?? []), cause]);
    }
    return found;
  }

  function placeOf(callId: string): QueuePlace | undefined {
    const found = shown.get(callId);
    return found && possible(found, clock.now());
  }

  return {
    placeOf,
    async read(callId) {
      const [waiting] = await Promise.all([store.readQueue(), readHold()]);
      const one = waiting.find((call) => call.callId === callId);
      if (one !== undefined && !shown.has(callId))
        shown.set(callId, {
          place: placeFor(limitsFor(one.origin, one.country), waiting, one.order),
          joinedAt: one.joinedAt,
        });
      return one && placeOf(callId);
    },
    async expected(origin, country, refusals) {
      const [waiting] = await Promise.all([store.readQueue(), readHold()]);
      const limits = limitsFor(origin, country);
      for (const [limit, found] of causesOf(refusals, limits)) learned.set(limit, { at: clock.now(), causes: found });
      return placeFor(limits, waiting);
    },
    async update({ waiting, refusals }) {
      if (waiting.length > 0) await readHold();
      const found = new Map<string, readonly Cause[]>();
      for (const { callId, origin, country } of waiting) {
        // Those of the first in line: later calls have the same, and theirs may not have been reviewed.
        for (const [limit, known] of causesOf(refusals.get(callId) ?? [], limitsFor(origin, country)))
          if (!found.has(limit)) found.set(limit, known);
      }
      causes = found;
      return show(waiting);
    },
  };
}

/** Nobody is told a wait that cannot happen: the place alone, where the turn would come only after the wait has ended. */
function possible({ place, joinedAt }: ShownPlace, now: number): QueuePlace {
  const { position, waitSeconds = 0 } = place;
  return isWaitOver(joinedAt, now + waitSeconds * 1_000) ? { position } : place;
}

const differs = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined ? a !== b : Math.abs(a - b) >= noticeableSeconds;
