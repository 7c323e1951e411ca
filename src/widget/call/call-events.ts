// Fires the DOM events of a call, each once. The stored journal's sequence numbers record what has been fired, so a reload, a
// second element or a second tab repeats nothing.

import { type CallSnapshot, isTerminal, problemStatuses, type TerminalStatus } from '../../contract.js';
import type { CallIntent, Problem } from '../api/result.js';
import { fire } from '../internal/events.js';
import type { CallStorage } from './call-storage.js';

/** A call was accepted. */
export function fireRequested(target: EventTarget, call: CallSnapshot, intent: CallIntent): void {
  const { id: callId, status, scheduledFor, queue } = call;
  fire(target, 'polyai-callback-requested', { callId, country: intent.country });
  const detail = queue ? { queue } : scheduledFor && { scheduledFor };
  if (status === 'scheduled' && detail) fire(target, 'polyai-callback-scheduled', { callId, ...detail });
}

/** A newer snapshot arrived: fires for the phases passed since, and for the end. Saves first, because listeners may re-enter. */
export function fireProgress(target: EventTarget, call: CallSnapshot, storage: CallStorage, now: number): void {
  const known = storage.find(call.id);
  if (known === undefined || call.seq < known.call.seq) return;
  storage.update(call.id, { call, savedAt: now });
  if (!known.startedHere) return;
  for (const { seq, status, at } of call.history) {
    if (seq > known.call.seq && !isTerminal(status)) {
      fire(target, 'polyai-callback-progress', { callId: call.id, status, at });
    }
  }
  if (!isTerminal(call.status)) return;
  fireEnded(target, call, call.status, storage);
  const { outcome } = call;
  if (!outcome || call.seq === known.call.seq) return;
  const { answeredBy, disposition, appointment } = outcome;
  fire(target, 'polyai-callback-outcome', { callId: call.id, answeredBy, disposition, hasAppointment: !!appointment });
}

/** A call ended, or is no longer known (`unknown`). */
export function fireEnded(
  target: EventTarget,
  call: CallSnapshot,
  outcome: TerminalStatus,
  storage: CallStorage,
): void {
  if (!storage.claimEndedEvent(call.id)) return;
  const timeOf = (wanted: string): number => Date.parse(call.history.find(({ status }) => status === wanted)?.at ?? '');
  const talkedSeconds = Math.round((timeOf(outcome) - timeOf('in-progress')) / 1000);
  fire(target, 'polyai-callback-ended', {
    callId: call.id,
    outcome,
    ...(call.endedBecause !== undefined && { endedBecause: call.endedBecause }),
    ...(talkedSeconds >= 0 && { talkedSeconds }),
  });
}

/** The proxy refused, or something failed. A question ("Is this a number in …?") is neither. */
export function fireRefused(target: EventTarget, { code, reason, retryAt, requestId }: Problem): void {
  if (reason === 'confirm-country') return;
  if (code === 'offline' || code === 'unreachable' || problemStatuses[code] >= 500) {
    fire(target, 'polyai-callback-error', { code, ...(requestId !== undefined && { requestId }) });
    return;
  }
  fire(target, 'polyai-callback-refused', {
    code,
    ...(reason !== undefined && { reason }),
    ...(retryAt !== undefined && { retryAt }),
  });
}
