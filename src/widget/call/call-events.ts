// Tells the page what became of a call: which DOM event is due when, each once. The journal's sequence numbers in the storage
// say what has been told, so a reload, a second element and a second tab repeat nothing.

import type { CallIntent, Problem } from '../api/result.js';
import {
  type CallAccepted,
  type CallSnapshot,
  isTerminal,
  problemStatuses,
  type TerminalStatus,
} from '../../contract.js';
import { fire } from '../internal/events.js';
import type { CallStorage } from './call-storage.js';

/** A call was accepted. */
export function announceRequested(target: EventTarget, call: CallAccepted | CallSnapshot, intent: CallIntent): void {
  fire(target, 'polyai-callback-requested', { callId: call.id, country: intent.country });
  const { id: callId, status, scheduledFor } = call;
  if (status === 'scheduled' && scheduledFor) fire(target, 'polyai-callback-scheduled', { callId, scheduledFor });
}

/** A newer snapshot came: tells the phases passed since, and the end. Remembers first, because listeners may come back here. */
export function announceProgress(target: EventTarget, call: CallSnapshot, storage: CallStorage, now: number): void {
  const known = storage.find(call.id);
  if (known === undefined || call.seq < known.call.seq) return;
  storage.change(call.id, { call, savedAt: now });
  if (!known.mine) return;
  for (const { seq, status, at } of call.history) {
    if (seq > known.call.seq && !isTerminal(status)) {
      fire(target, 'polyai-callback-progress', { callId: call.id, status, at });
    }
  }
  if (isTerminal(call.status)) announceEnded(target, call, call.status, storage);
}

/** A call ended, or is known no more (`unknown`). */
export function announceEnded(
  target: EventTarget,
  call: CallSnapshot,
  outcome: TerminalStatus,
  storage: CallStorage,
): void {
  if (!storage.settle(call.id)) return;
  const atOf = (wanted: string): number => Date.parse(call.history.find(({ status }) => status === wanted)?.at ?? '');
  const talkedSeconds = Math.round((atOf(outcome) - atOf('in-progress')) / 1000);
  fire(target, 'polyai-callback-ended', {
    callId: call.id,
    outcome,
    ...(call.endedBecause !== undefined && { endedBecause: call.endedBecause }),
    ...(talkedSeconds >= 0 && { talkedSeconds }),
  });
}

/** The proxy said no, or something is broken. A question back ("is it a number in …?") is neither. */
export function announceRefused(target: EventTarget, { code, reason, retryAt, requestId }: Problem): void {
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
