// A stored call as the page may see it, without PolyAI's id and other internals.

import { type CallSnapshot, isTerminal } from '../../contract.js';
import type { StoredCall } from '../store/store.js';

/** The snapshot of a call at `now`, epoch milliseconds. */
export function snapshotOf(call: StoredCall, now: number): CallSnapshot {
  return {
    id: call.id,
    status: call.status,
    seq: call.history.at(-1)?.seq ?? 0,
    history: call.history,
    now: new Date(now).toISOString(),
    ...(call.scheduledFor !== undefined && { scheduledFor: call.scheduledFor }),
    ...(call.coolDownUntil !== undefined &&
      isTerminal(call.status) && { tryAgainAt: new Date(call.coolDownUntil).toISOString() }),
    ...(call.stage === 'scheduled' && { canTakeBack: true }),
    ...(call.endedBecause !== undefined && { endedBecause: call.endedBecause }),
  };
}
