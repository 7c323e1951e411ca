// Translates a status response of the connector generation into our own statuses. It trusts nothing in it: garbage entries are
// skipped.

import { type CallStatus, callStatuses, isTerminal } from '../../contract.js';
import type { StatusOutcome } from './polyai.js';
import { unfamiliarStatus } from './unfamiliar-status.js';

/** PolyAI's nine statuses, folded to lower case: only `CREATED` is documented in upper case. */
const words: ReadonlyMap<string, CallStatus> = new Map([
  ['created', 'created'],
  ['queued', 'queued'],
  ['ringing', 'ringing'],
  ['in-progress', 'in-progress'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['no-answer', 'no-answer'],
  ['busy', 'busy'],
  ['cancelled', 'cancelled'],
]);

/** More entries than this are garbage: there are nine statuses. */
const longestHistory = 64;

/** Reads the body of a `200`. `now`: the time assigned to a status that upstream does not date. */
export const readConnectorStatus = (body: unknown, upstreamId: string, now: number): StatusOutcome => {
  if (!isRecord(body)) return { kind: 'failed', reason: 'unreadable-answer' };
  // A response about another call would show one visitor another's progress.
  if (body['call_sid'] !== undefined && body['call_sid'] !== upstreamId)
    return { kind: 'failed', reason: 'other-call' };
  const current = statusOf(body['status']);
  const seen = datesOf(body['event_history']);
  // A terminal status never changes: one that contradicts the current status is garbage.
  for (const status of seen.keys())
    if (current !== undefined && isTerminal(status) && status !== current) seen.delete(status);
  if (current !== undefined && !seen.has(current)) seen.set(current, dateOf(body['last_updated']) ?? now);
  // By rank, not by date: phases have one order, and two of them can have the same second.
  const history = [...seen]
    .map(([status, at]) => ({ status, at }))
    .sort((a, b) => callStatuses.indexOf(a.status) - callStatuses.indexOf(b.status));
  const newest = history.at(-1);
  const unfamiliar = current === undefined ? { unfamiliar: unfamiliarStatus(body['status']) } : {};
  if (newest === undefined) return { kind: 'failed', reason: 'unfamiliar-status', ...unfamiliar };
  return { kind: 'seen', status: newest.status, history, ...unfamiliar };
};

/** Every known status in the history, with its earliest date. */
const datesOf = (history: unknown): Map<CallStatus, number> => {
  const dates = new Map<CallStatus, number>();
  if (!Array.isArray(history)) return dates;
  for (const entry of history.slice(0, longestHistory)) {
    if (!isRecord(entry)) continue;
    for (const [word, date] of Object.entries(entry)) {
      const status = statusOf(word);
      const at = dateOf(date);
      if (status === undefined || at === undefined) continue;
      dates.set(status, Math.min(at, dates.get(status) ?? at));
    }
  }
  return dates;
};

const statusOf = (word: unknown): CallStatus | undefined =>
  typeof word === 'string' ? words.get(word.toLowerCase()) : undefined;

/** ISO 8601 with date and time, as epoch milliseconds. */
const dateOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.+Z-]{0,20}$/.test(value)) return undefined;
  // A time without an offset is UTC here; JavaScript would assume local time.
  const at = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(value.slice(16)) ? value : `${value}Z`);
  return Number.isNaN(at) ? undefined : at;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
