// What the store's tests build their worlds from: a clock to crank, requests to reserve, temporary folders.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/proxy/clock.js';
import type { Reservation, Rule, Spend, Store, StoredCall } from '../../src/proxy/store/store.js';

/** A clock that moves only when told. Timers run in the order of their time while it is moved. */
export interface CrankedClock extends Clock {
  advance(ms: number): void;
}

export const startOfTime = Date.UTC(2026, 2, 2, 9, 0, 0);

export function crankedClock(start: number = startOfTime): CrankedClock {
  let now = start;
  const timers = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    after: (delayMs, task, signal) => {
      if (signal?.aborted) return;
      const timer = { at: now + delayMs, task };
      timers.add(timer);
      signal?.addEventListener('abort', () => timers.delete(timer), { once: true });
    },
    advance: (ms) => {
      const target = now + ms;
      if (ms < 0) {
        now = target;
        return;
      }
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.task();
      }
      now = target;
    },
  };
}

/** A folder of its own, removed by `remove`. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'polyai-callback-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const gcra = (limit: number, windowMs: number): Rule => ({ kind: 'gcra', limit, windowMs });
export const strict = (limit: number, windowMs: number): Rule => ({ kind: 'strict', limit, windowMs });
export const spendOf = (scope: Spend['scope'], key: string, rule: Rule): Spend => ({ scope, key, rule });

let made = 0;

/** A reservation for an immediate call; every id is new unless given. */
export function reservation(now: number, over: Partial<Reservation> = {}): Reservation {
  made += 1;
  return {
    callId: `call-${made}`,
    idempotencyKey: `key-${made}-`.padEnd(22, '0'),
    fingerprint: 'fingerprint',
    origin: 'https://site.example',
    numberKeys: [`v1:number-${made}`],
    spends: [],
    holds: [],
    consent: {
      text: 'Call me.',
      hash: '0123456789abcdef',
      source: 'page',
      locale: 'en',
      widgetVersion: '1.0.0',
      origin: 'https://site.example',
      addressTruncated: '192.0.2.0',
      at: now,
    },
    dispatchDeadline: now + 30_000,
    ...over,
  };
}

/** Reserves and expects it to be taken. */
export async function reserved(store: Store, asked: Reservation): Promise<StoredCall> {
  const outcome = await store.reserve(asked);
  if (outcome.kind !== 'reserved') throw new Error(`expected a reservation, got ${JSON.stringify(outcome)}`);
  return outcome.call;
}

/** Reserves a call and brings it to `accepted`; the next look is due at once. */
export async function acceptedCall(store: Store, now: number, over: Partial<Reservation> = {}): Promise<StoredCall> {
  const call = await reserved(store, reservation(now, over));
  return store.settle(call.id, { kind: 'accepted', upstreamId: `OUT-${call.id}`, nextLookAt: now });
}

/** The statuses of a journal. */
export const statuses = (call: StoredCall | undefined): string[] => (call?.history ?? []).map(({ status }) => status);

/** Rejects when `promise` takes longer than a generous deadline, so that a hang is a failure and not a silence. */
export async function soon<T>(promise: Promise<T>, ms = 20_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('took too long')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
