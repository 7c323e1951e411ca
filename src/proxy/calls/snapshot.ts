// A stored call as the page may see it, without PolyAI's id and other internals.

import { type CallOutcome, type CallSnapshot, isTerminal, type QueuePlace } from '../../contract.js';
import { seqOf } from '../store/sequence.js';
import type { StoredCall } from '../store/store.js';

/** What the agent reported, where the operator takes such reports. */
export interface OutcomesShown {
  /** The report to show; undefined if there is none, or none that can be read. */
  read(call: StoredCall): CallOutcome | undefined;
  /** True while a report on a call that has ended may still arrive. */
  isPending(call: StoredCall, now: number): boolean;
}

/** The places in the queue, where there is one. */
export interface PlacesShown {
  /** As last known; undefined when it is not known. */
  placeOf(callId: string): QueuePlace | undefined;
  /** The same, read if it is not known. */
  read(callId: string): Promise<QueuePlace | undefined>;
}

/** What only whoever holds the call's token may see. */
export interface HolderView {
  readonly queue?: Pick<PlacesShown, 'placeOf'> | undefined;
  readonly outcomes?: OutcomesShown | undefined;
  /** The token of the second call. */
  readonly tokenOf: (callId: string) => string;
}

/** The snapshot of a call at `now`, epoch milliseconds. */
export function snapshotOf(call: StoredCall, now: number, view?: HolderView): CallSnapshot {
  const { redial } = call;
  const queue = call.isQueued && view?.queue?.placeOf(call.id);
  const outcomes = view?.outcomes;
  const outcome = outcomes?.read(call);
  return {
    id: call.id,
    status: call.status,
    seq: seqOf(call),
    history: call.history,
    now: new Date(now).toISOString(),
    ...(call.scheduledFor !== undefined && { scheduledFor: call.scheduledFor }),
    ...(call.coolDownUntil !== undefined &&
      isTerminal(call.status) && { tryAgainAt: new Date(call.coolDownUntil).toISOString() }),
    ...(call.stage === 'scheduled' && { canTakeBack: true }),
    ...(queue && { queue }),
    ...(call.endedBecause !== undefined && { endedBecause: call.endedBecause }),
    ...(view && redial && { redial: { id: redial.callId, token: view.tokenOf(redial.callId), at: redial.at } }),
    ...(call.redialAfter && { redialAfter: call.redialAfter }),
    ...(outcome !== undefined && { outcome }),
    ...(outcomes?.isPending(call, now) === true && { outcomePending: true as const }),
  };
}
