// What the owner's page shows of this process's recent past, counted in memory: refusals by hour, and PolyAI's answers by minute. It is
// lost at a restart; the page says since when it counts. Keys come from closed lists, so that its size is bounded.

import type { Count } from '../../owner-contract.js';
import type { Clock } from '../core/clock.js';
import type { RecentActivity } from '../owner/owner-data.js';
import type { Observer } from './observer.js';

/** An observer that keeps counts, and the counts. */
export interface ActivityRecorder extends RecentActivity {
  readonly observer: Observer;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Refusals are kept for as long as the page's longest period, upstream answers for an hour. */
const refusalsMs = 31 * 24 * hourMs;
/** Times of triggers kept for the percentiles. */
const mostTimes = 500;

/** Starts recording. */
export function createActivityRecorder(clock: Pick<Clock, 'now' | 'monotonic'>): ActivityRecorder {
  const since = clock.now();
  const codes = createCounts(hourMs, refusalsMs);
  const allowances = createCounts(hourMs, refusalsMs);
  const triggers = createCounts(minuteMs, hourMs);
  const statusRequests = createCounts(minuteMs, hourMs);
  const times: { readonly at: number; readonly ms: number }[] = [];

  return {
    refusals: (from, until) => ({
      since,
      codes: codes.between(from, until),
      allowances: allowances.between(from, until),
    }),
    upstream() {
      const now = clock.now();
      const from = now - hourMs;
      const recent = times
        .filter(({ at }) => at > from)
        .map(({ ms }) => ms)
        .sort((a, b) => a - b);
      const at = (share: number): number => Math.round(recent[Math.ceil(share * recent.length) - 1] ?? 0);
      return {
        triggers: triggers.between(from, now + 1),
        statusRequests: statusRequests.between(from, now + 1),
        ...(recent.length > 0 && { triggerMs: { median: at(0.5), p90: at(0.9) } }),
      };
    },
    observer: {
      async around(operation, work, endingOf) {
        if (operation.kind !== 'trigger' && operation.kind !== 'status') return work();
        const started = clock.monotonic();
        let ending = 'failed';
        try {
          const result = await work();
          ending = endingOf(result);
          return result;
        } finally {
          const now = clock.now();
          (operation.kind === 'trigger' ? triggers : statusRequests).add(now, ending);
          if (operation.kind === 'trigger') {
            times.push({ at: now, ms: clock.monotonic() - started });
            if (times.length > mostTimes) times.shift();
          }
        }
      },
      note(occurrence) {
        if (occurrence.kind === 'refused') codes.add(clock.now(), occurrence.code);
        if (occurrence.kind === 'limited') allowances.add(clock.now(), occurrence.scope);
      },
    },
  };
}

/** Counts by name in bins of `binMs`, none of them older than `keptMs`. */
function createCounts(
  binMs: number,
  keptMs: number,
): { add(at: number, name: string): void; between(from: number, until: number): readonly Count[] } {
  const bins = new Map<number, Map<string, number>>();
  return {
    add(at, name) {
      const start = Math.floor(at / binMs) * binMs;
      let bin = bins.get(start);
      if (bin === undefined) {
        for (const old of bins.keys()) if (old <= at - keptMs) bins.delete(old);
        bins.set(start, (bin = new Map()));
      }
      bin.set(name, (bin.get(name) ?? 0) + 1);
    },
    between(from, until) {
      const total = new Map<string, number>();
      for (const [start, bin] of bins)
        if (start + binMs > from && start < until)
          for (const [name, count] of bin) total.set(name, (total.get(name) ?? 0) + count);
      return [...total]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    },
  };
}
