// One loop per process: leases due calls, polls each one upstream, records what changed and when to poll next. Leases expire, so a
// dead process loses nothing. The number of pages that follow a call does not matter here.

import { watchClockJumps } from '../core/clock-jumps.js';
import type { Clock } from '../core/clock.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { dispatchLifeMs } from './dispatch-deadline.js';
import { decideAfterPoll, isStale, isUnclear, unreadableMs } from './poll-decision.js';
import { createUnreadableCalls } from './unreadable-calls.js';
import { coolDownAfterUnknownMs } from '../gates/limits.js';
import type { Log, LogFields } from '../core/log.js';
import { createPollRate } from './poll-rate.js';
import { createPollRecorder } from './poll-recorder.js';
import { nothingUrgent, type UrgentWork } from '../core/urgent-work.js';
import type { PolyAi, StatusOutcome } from '../polyai/polyai.js';
import type { DueCall, PollResult, Store, StoredCall } from '../store/store.js';

/** Dependencies of the poller. */
export interface StatusPollerOptions {
  readonly store: Pick<Store, 'claimDue' | 'renewLeases' | 'postpone' | 'recordPolls' | 'settle' | 'nextDue'>;
  readonly polyai: Pick<PolyAi, 'status'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Places a callback whose time has come. May reject when the store is unavailable: the lease expires and it is handed out again. */
  readonly placeScheduled?: (due: DueCall) => Promise<void>;
  readonly credential: Pick<CredentialMonitor, 'tryAgainAt' | 'recordRefusal'>;
  /** True while this process is placing the call: whatever the clock says, it is not lost. */
  readonly isPlacing?: (callId: string) => boolean;
  /** The queue: `tick` is called at least once a second, `onRoom` when a call has ended. */
  readonly queue?: { tick(isWaiting: boolean): void; onRoom(): void };
  /** Calls that are being placed: polling yields to them. */
  readonly urgent?: Pick<UrgentWork, 'isUnderWay' | 'passed'>;
  /** Status requests in any second; default 20. */
  readonly pollsPerSecond?: number;
}

/** The poller of one process. */
export interface StatusPoller {
  /** Starts the loop. Overdue calls are polled first. */
  start(): void;
  /** Runs the loop now, because something may have become due. */
  wake(): void;
  /** Something will be due at `at` (epoch milliseconds): does nothing if the loop runs by then anyway. */
  wakeBy(at: number): void;
  /** Stops leasing; resolves when no callback is being placed. Status requests in flight are abandoned: their leases expire. */
  stop(): Promise<void>;
}

/** Length of a lease, milliseconds. Short, so that calls of a crashed process are soon available; it is renewed during longer status requests. */
export const leaseMs = 3_000;
/** Longest pause of the loop, milliseconds, so that it finds calls that other instances accepted, and renews leases in time. */
export const longestSleepMs = 1_000;
/** A lease this old is renewed, milliseconds: well before it expires, whatever the loop's pauses. */
const renewAfterMs = 1_000;
const longestFaultPauseMs = 30_000;
/** No callback is placed for this long after a clock jump: a wrong clock may be corrected. */
export const pauseAfterJumpMs: number = 5 * 60_000;
/** A call that has not been answered should be polled within this time of being due. */
const lateAfterMs = 3_000;
const warningPauseMs = 60_000;

const isUnanswered = ({ why, call }: DueCall): boolean => why === 'poll' && call.status !== 'in-progress';

/** Creates a poller. */
export const createStatusPoller = (options: StatusPollerOptions): StatusPoller => {
  const { store, polyai, clock, random, log, placeScheduled, credential, isPlacing, pollsPerSecond } = options;
  const { urgent = nothingUrgent, queue } = options;
  const pace = createPollRate(clock, pollsPerSecond);
  const jumps = watchClockJumps(clock);
  const unreadable = createUnreadableCalls(clock);
  const recorder = createPollRecorder({ store, clock, urgent });
  /** Calls being worked on, with the newest lease of each. */
  const active = new Map<string, string>();
  /** Calls being polled, with the time at which the lease of each began, on the monotonic clock. */
  const leasedAt = new Map<string, number>();
  const callbacks = new Set<Promise<void>>();
  let stopping: AbortSignal = AbortSignal.abort();
  let stop = (): void => {};
  let loop: Promise<void> = Promise.resolve();
  let isWoken = false;
  let warnedAt = Number.NEGATIVE_INFINITY;
  /** When the queue last had its turns, on the monotonic clock. */
  let tickedAt = Number.NEGATIVE_INFINITY;
  let wakeUp = (): void => {};
  /** When the loop runs again by itself, epoch milliseconds. */
  let runsAt = Number.NEGATIVE_INFINITY;

  const sleep = async (ms: number): Promise<void> => {
    const alarm = new AbortController();
    runsAt = clock.now() + ms;
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
      if (isWoken) resolve();
      else clock.after(Math.max(ms, 1), resolve, alarm.signal);
    });
    alarm.abort('woken');
    isWoken = false;
    runsAt = Number.NEGATIVE_INFINITY;
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

  /** Leases and starts what is due. Returns how long to sleep. */
  const turn = async (): Promise<number> => {
    const jumpMs = jumps.compare();
    if (jumpMs !== 0) log.warn('clock-jumped', { seconds: Math.round(jumpMs / 1_000) });
    await renewLeases();
    const room = pace.room();
    if (room <= 0) return pace.roomAt() - clock.now();
    if (urgent.isUnderWay()) await urgent.passed();
    if (stopping.aborted) return 0;
    const leases = await store.claimDue(room, leaseMs);
    warnWhenLate(leases);
    for (const due of leases) {
      const isActive = active.has(due.call.id);
      active.set(due.call.id, due.lease);
      if (due.why === 'poll') leasedAt.set(due.call.id, clock.monotonic());
      if (!isActive) begin(due);
    }
    const isWaiting = isPaused() && leases.some(({ why }) => why === 'place');
    const isBehind = leases.length === room;
    // However many polls are due: the queue's turns do not wait for them.
    const isTickDue = queue !== undefined && clock.monotonic() - tickedAt >= longestSleepMs;
    if (!isTickDue && isWaiting) return longestSleepMs;
    if (!isTickDue && isBehind) return 0;
    const { at, isQueueWaiting } = await store.nextDue();
    tickedAt = clock.monotonic();
    queue?.tick(isQueueWaiting);
    if (isWaiting) return longestSleepMs;
    if (isBehind) return 0;
    return at === undefined ? longestSleepMs : Math.min(longestSleepMs, at - clock.now());
  };

  /** Keeps others from polling a call whose status request takes longer than a lease. */
  const renewLeases = async (): Promise<void> => {
    const now = clock.monotonic();
    const old = [...leasedAt].filter(([, at]) => now - at >= renewAfterMs).map(([callId]) => callId);
    if (old.length === 0) return;
    await store.renewLeases(new Map(old.map((callId) => [callId, active.get(callId) ?? ''])), leaseMs);
    for (const callId of old) if (leasedAt.has(callId)) leasedAt.set(callId, now);
  };

  const begin = (due: DueCall): void => {
    const work = handle(due)
      .catch((error: unknown) => log.error('poll-fault', { callId: due.call.id, why: due.why }, error))
      .finally(() => {
        active.delete(due.call.id);
        leasedAt.delete(due.call.id);
        callbacks.delete(work);
      });
    if (due.why === 'place') callbacks.add(work);
  };

  const handle = async (due: DueCall): Promise<void> => {
    switch (due.why) {
      case 'lost':
        // The deadline is wall-clock time: after a jump it does not tell how long placing has taken.
        if (isPlacing?.(due.call.id) === true || jumps.sinceJumpMs() < dispatchLifeMs)
          return postpone(due, clock.now() + longestSleepMs, due.failures);
        return giveUp(due, 'placing-interrupted');
      case 'place':
        // Due again at its own time: a later one by a wrong clock would be too late once the clock is corrected.
        if (isPaused()) return postpone(due, Date.parse(due.call.scheduledFor?.at ?? ''), due.failures);
        return placeScheduled?.(due);
      case 'poll':
        return poll(due);
    }
  };

  /** Callbacks follow the wall clock: it must have been stable for a while. */
  const isPaused = (): boolean => jumps.sinceJumpMs() < pauseAfterJumpMs;

  const poll = async (due: DueCall): Promise<void> => {
    const { upstreamId } = due.call;
    if (upstreamId === undefined) return giveUp(due, 'no-upstream-id');
    let polled: { readonly written: Promise<void> } | undefined;
    recorder.begin();
    try {
      polled = await requestStatus(due, upstreamId);
    } finally {
      recorder.end();
    }
    await polled?.written;
  };

  /** Polls, decides, and hands the result to the recorder; it is durable when `written` resolves. */
  const requestStatus = async (
    due: DueCall,
    upstreamId: string,
  ): Promise<{ readonly written: Promise<void> } | undefined> => {
    const callId = due.call.id;
    const pausedUntil = credential.tryAgainAt();
    if (pausedUntil !== undefined) {
      if (isStale(due, clock.now())) return { written: giveUp(due, 'no-progress') };
      if (unreadable.addPause(callId, due.failures) >= unreadableMs) return { written: giveUp(due, 'unreadable') };
      return { written: pollAgain(due, [], Math.max(pausedUntil, clock.now() + longestSleepMs), due.failures) };
    }
    pace.take();
    const outcome = await polyai.status(upstreamId);
    if (outcome.kind === 'denied') credential.recordRefusal();
    // Stopped meanwhile: the store may be closed. The lease expires, and the next process polls.
    if (stopping.aborted) return undefined;
    const { failures } = due;
    let unreadableForMs = 0;
    if (isUnclear(outcome)) unreadableForMs = unreadable.add(callId, failures);
    else unreadable.remove(callId);
    logOutcome(due, outcome);
    const step = decideAfterPoll({ due, outcome, now: clock.now(), unreadableForMs, random });
    switch (step.kind) {
      case 'lost':
        return { written: giveUp(due, step.because) };
      case 'ended':
        return { written: end(due, step.items, { upstreamId, cause: 'cause' in outcome ? outcome.cause : undefined }) };
      case 'poll-again':
        return { written: pollAgain(due, step.items, step.dueAt, step.failures) };
    }
  };

  const logOutcome = ({ call, failures }: DueCall, outcome: StatusOutcome): void => {
    const callId = call.id;
    if ('unfamiliar' in outcome && outcome.unfamiliar !== undefined) {
      // Once per call: PolyAI repeats it in every response.
      if (failures === 0) log.warn('status-unfamiliar', { callId, ...outcome.unfamiliar });
    } else if (outcome.kind === 'failed') {
      const { reason, errorId } = outcome;
      log.warn('status-request-failed', { callId, reason, errorId, failures: failures + 1 });
    }
  };

  const postpone = (due: DueCall, dueAt: number, failures: number): Promise<void> =>
    store.postpone(due.call.id, active.get(due.call.id) ?? due.lease, { dueAt, failures });

  const record = (due: DueCall, result: Pick<PollResult, 'items' | 'next'>): Promise<StoredCall | undefined> =>
    recorder.record({ callId: due.call.id, lease: active.get(due.call.id) ?? due.lease, ...result });

  const pollAgain = async (
    due: DueCall,
    items: PollResult['items'],
    dueAt: number,
    failures: number,
  ): Promise<void> => {
    await record(due, { items, next: { dueAt, failures } });
  };

  const end = async (due: DueCall, items: PollResult['items'], facts: LogFields): Promise<void> => {
    const call = await record(due, { items });
    if (call !== undefined) log.info('call-ended', { callId: call.id, status: call.status, ...facts });
    queue?.onRoom();
  };

  /** Warns once a minute when status updates reach visitors late. */
  const warnWhenLate = (leases: readonly DueCall[]): void => {
    const now = clock.now();
    const lateMs = Math.max(0, ...leases.map((due) => (isUnanswered(due) ? now - (due.dueAt ?? now) : 0)));
    if (lateMs <= lateAfterMs || now - warnedAt < warningPauseMs) return;
    warnedAt = now;
    log.warn('polling-late', { lateMs, ...(pollsPerSecond !== undefined && { pollsPerSecond }) });
  };

  /** Never placed again: the phone may have rung. Its number cools down. */
  const giveUp = async (due: DueCall, because: string): Promise<void> => {
    unreadable.remove(due.call.id);
    await store.settle(due.call.id, { kind: 'unknown', coolDownUntil: clock.now() + coolDownAfterUnknownMs });
    log.warn('call-unknown', { callId: due.call.id, because, upstreamId: due.call.upstreamId });
    queue?.onRoom();
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
    wakeBy: (at) => {
      if (at < runsAt) wake();
    },
    stop: async () => {
      stop();
      wake();
      await loop;
      await Promise.allSettled(callbacks);
    },
  };
};
