// One loop per process: leases calls that are due, polls each upstream, writes down what changed, returns it with the time of
// the next poll. Leases expire, so a dead process loses nothing; who watches how many pages does not matter here.

import { decideAfterPoll, isStale } from './poll-decision.js';
import type { Clock } from '../core/clock.js';
import { coolDownAfterUnknownMs } from '../gates/limits.js';
import type { Log } from '../core/log.js';
import { createPollRate } from './poll-rate.js';
import type { PolyAi } from '../polyai/polyai.js';
import type { DueCall, Store } from '../store/store.js';

/** What the poller needs. */
export interface StatusPollerOptions {
  readonly store: Pick<Store, 'claimDue' | 'postpone' | 'append' | 'settle' | 'nextDueAt'>;
  readonly polyai: Pick<PolyAi, 'status'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Places a callback whose time has come. May reject when the store is in doubt: the lease expires and it is handed out again. */
  readonly placeScheduled?: (due: DueCall) => Promise<void>;
  /** Status requests in any second; default 20. */
  readonly pollsPerSecond?: number;
}

/** The poller of one process. */
export interface StatusPoller {
  /** Starts the loop. What was due while nobody watched is polled now. */
  start(): void;
  /** Something new may be due: do not wait for the next turn. */
  wake(): void;
  /** Leases no more; resolves when no callback is being placed. Status requests under way are let go: their leases expire. */
  stop(): Promise<void>;
}

/** A lease is this long. Short, so that after a crash the calls of the dead process are free soon; a status request that takes longer is leased again. */
export const leaseMs = 3_000;
/** The loop turns at least this often, for calls that other instances accepted. */
const longestSleepMs = 1_000;
const longestFaultPauseMs = 30_000;

/** Makes a poller. */
export const createStatusPoller = (options: StatusPollerOptions): StatusPoller => {
  const { store, polyai, clock, random, log, placeScheduled, pollsPerSecond } = options;
  const pace = createPollRate(clock, pollsPerSecond);
  /** Calls in hand, with the newest lease of each. */
  const inHand = new Map<string, string>();
  const callbacks = new Set<Promise<void>>();
  let stopping: AbortSignal = AbortSignal.abort();
  let stop = (): void => {};
  let loop: Promise<void> = Promise.resolve();
  let isWoken = false;
  let wakeUp = (): void => {};

  const sleep = async (ms: number): Promise<void> => {
    const alarm = new AbortController();
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
      if (isWoken) resolve();
      else clock.after(Math.max(ms, 1), resolve, alarm.signal);
    });
    alarm.abort();
    isWoken = false;
  };

  const run = async (): Promise<void> => {
    let faults = 0;
    while (!stopping.aborted) {
      try {
        const waitMs = await turn();
        faults = 0;
        if (!stopping.aborted) await sleep(waitMs);
      } catch (error) {
        log.error('poller-fault', { faults }, error);
        const waitMs = Math.min(longestFaultPauseMs, 1_000 * 2 ** Math.min(faults, 10));
        faults += 1;
        if (!stopping.aborted) await sleep(waitMs * (0.8 + 0.4 * random()));
      }
    }
  };

  /** Leases what is due and sets it going. Returns how long to sleep. */
  const turn = async (): Promise<number> => {
    const room = pace.room();
    if (room <= 0) return pace.roomAt() - clock.now();
    const leases = await store.claimDue(room, leaseMs);
    for (const due of leases) {
      const isInHand = inHand.has(due.call.id);
      inHand.set(due.call.id, due.lease);
      if (!isInHand) begin(due);
    }
    if (leases.length === room) return 0;
    const next = await store.nextDueAt();
    return next === undefined ? longestSleepMs : Math.min(longestSleepMs, next - clock.now());
  };

  const begin = (due: DueCall): void => {
    const work = handle(due)
      .catch((error: unknown) => log.error('poll-fault', { callId: due.call.id, why: due.why }, error))
      .finally(() => {
        inHand.delete(due.call.id);
        callbacks.delete(work);
      });
    if (due.why === 'place') callbacks.add(work);
  };

  const handle = async (due: DueCall): Promise<void> => {
    switch (due.why) {
      case 'lost':
        return giveUp(due, 'placing-interrupted');
      case 'place':
        return placeScheduled?.(due);
      case 'poll':
        return poll(due);
    }
  };

  const poll = async (due: DueCall): Promise<void> => {
    const { upstreamId } = due.call;
    if (upstreamId === undefined) return giveUp(due, 'no-upstream-id');
    const pausedUntil = pace.pausedUntil();
    if (pausedUntil !== undefined) {
      return isStale(due, clock.now()) ? giveUp(due, 'no-progress') : postpone(due, pausedUntil, due.failures);
    }
    pace.take();
    const outcome = await polyai.status(upstreamId);
    const isPause = pace.report(outcome.kind === 'denied' ? false : outcome.kind === 'failed' ? undefined : true);
    if (isPause) log.error('polling-paused', {});
    // Stopped meanwhile: the store may be closed. The lease expires, and the next process polls.
    if (stopping.aborted) return;
    const step = decideAfterPoll(due, outcome, clock.now(), random);
    if (outcome.kind === 'failed')
      log.warn('status-request-failed', { callId: due.call.id, reason: outcome.reason, failures: due.failures + 1 });
    switch (step.kind) {
      case 'lost':
        return giveUp(due, step.because);
      case 'ended': {
        const { status } = await store.append(due.call.id, step.items);
        log.info('call-ended', { callId: due.call.id, status });
        return;
      }
      case 'poll-again':
        if (step.items.length > 0) await store.append(due.call.id, step.items);
        return postpone(due, step.dueAt, step.failures);
    }
  };

  const postpone = (due: DueCall, dueAt: number, failures: number): Promise<void> =>
    store.postpone(due.call.id, inHand.get(due.call.id) ?? due.lease, { dueAt, failures });

  /** Never placed again: the phone may have rung. Its number cools down. */
  const giveUp = async (due: DueCall, because: string): Promise<void> => {
    await store.settle(due.call.id, { kind: 'unknown', coolDownUntil: clock.now() + coolDownAfterUnknownMs });
    log.warn('call-unknown', { callId: due.call.id, because });
  };

  const wake = (): void => {
    isWoken = true;
    wakeUp();
  };

  return {
    start: () => {
      if (!stopping.aborted) return;
      const controller = new AbortController();
      stopping = controller.signal;
      stop = () => controller.abort();
      loop = run();
    },
    wake,
    stop: async () => {
      stop();
      wake();
      await loop;
      await Promise.allSettled(callbacks);
    },
  };
};
