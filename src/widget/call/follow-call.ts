// Follows one call to its end: stream, watchdog, reconnection, and polling where streams do not work. Reports inputs for the
// machine and knows nothing about phases.

import type { Result } from '../api/result.js';
import { isTerminal, type CallSnapshot } from '../../contract.js';
import type { CallInput } from './call-state.js';
import type { CallKey, ProxyClient } from '../api/proxy-client.js';
import { readStream, silenceAllowedMs } from '../api/event-stream.js';
import { sleep, within, type Browser } from '../internal/browser.js';

/** What a follower reports. */
export type FollowInput = Extract<CallInput, { type: 'snapshot' | 'lost' | 'found' | 'forgotten' }>;

/** Consecutive failed connections after which it polls instead. */
const mostFailures = 3;
const pollMs = 5_000;
/** A stream without a first byte after this long, milliseconds, is probably buffered somewhere: the call is polled once in the meantime. */
const heldBackMs = 3_000;
/** While polling, the stream is retried once per this many polls. */
const pollsPerTry = 6;
/** Bounds of the wait between connections, milliseconds. */
const shortestMs = 500;
const longestMs = 10_000;
/** The longest reconnection delay accepted from the server, milliseconds. */
const longestHintMs = 60_000;

/** What is followed, and how. */
export interface Following {
  readonly key: CallKey;
  /** Sequence number of what is known already; 0: nothing. */
  readonly seq: number;
  /** True right after the call was accepted, when its snapshot is fresh. Otherwise one is fetched first. */
  readonly fresh: boolean;
  readonly client: ProxyClient;
  readonly browser: Browser;
  readonly signal: AbortSignal;
  report(input: FollowInput): void;
}

/** Resolves when the call has ended, is no longer known, or `signal` aborts. */
export async function followCall({ key, seq, fresh, client, browser, signal, report }: Following): Promise<void> {
  let lastSeq = seq;
  // The page may have replaced fetch by one without streams: it would respond only after the call has ended.
  const hasStreams = 'body' in Response.prototype;
  const fewestFailures = hasStreams ? 0 : mostFailures;
  let failures = fewestFailures;
  let polls = 0;
  let trusting = fresh && hasStreams;
  let isOver = false;
  let hintMs: number | undefined;
  let turn = within(signal);

  // iOS silently closes a page's connections while the phone rings on the same device: after the page was suspended or offline,
  // the state is fetched again.
  const recheck = (): void => {
    trusting = false;
    failures = fewestFailures;
    turn.abort();
  };
  const listening = within(signal);
  browser.on('visibilitychange', () => browser.visible() && recheck(), listening.signal);
  browser.on('pageshow', (event) => (event as PageTransitionEvent).persisted && recheck(), listening.signal);
  browser.on('online', recheck, listening.signal);

  const onSnapshot = (call: CallSnapshot): void => {
    if (call.id !== key.id || isOver) return;
    lastSeq = Math.max(lastSeq, call.seq);
    isOver = isTerminal(call.status) && !call.outcomePending;
    report({ type: 'snapshot', call });
  };

  for (;;) {
    if (isOver || signal.aborted) break;
    turn.done();
    turn = within(signal);
    if (!trusting) await poll();
    if (isOver || turn.signal.aborted) continue;
    // Wait after a failed poll: an immediate connection would fail too.
    if (failures < mostFailures ? trusting : hasStreams && ++polls % pollsPerTry === 0) await connect();
    if (isOver || turn.signal.aborted) continue;
    await sleep(browser, waitMs(), turn.signal);
  }
  turn.abort();
  turn.done();
  listening.abort();
  listening.done();

  /** Fetches the current snapshot. */
  async function poll(): Promise<void> {
    const answer = await client.snapshot(key, turn.signal);
    if (turn.signal.aborted) return;
    if (answer.ok) {
      report({ type: 'found' });
      onSnapshot(answer.value);
      // A failed stream is followed by a poll; while streams keep failing, every turn is a poll.
      trusting = failures < mostFailures;
    } else missed(answer);
  }

  /** Reads one connection until it closes, breaks or falls silent. */
  async function connect(): Promise<void> {
    const connection = within(turn.signal);
    let hasBytes = false;
    let stop = browser.after(silenceAllowedMs(false), () => connection.abort());
    const onBytes = (): void => {
      hasBytes = true;
      stop();
      stopEarly();
      stop = browser.after(silenceAllowedMs(true), () => connection.abort());
    };
    const stopEarly = browser.after(heldBackMs, () => void pollBeside(connection));
    const onRetry = (ms: number): void => {
      hintMs = ms;
    };
    try {
      const answer = await client.stream(key, lastSeq, connection.signal);
      if (!answer.ok) return missed(answer);
      if (answer.value === null) {
        // 204: the call has ended, and the snapshot says how. If it does not, the next turn polls again at the usual rate.
        failures = mostFailures;
        return await poll();
      }
      if (answer.value.body === null) throw new TypeError('no stream');
      await readStream(answer.value.body, connection.signal, {
        onBytes() {
          if (!hasBytes) report({ type: 'found' });
          failures = 0;
          trusting = true;
          onBytes();
        },
        onRetry,
        onSnapshot(call) {
          onSnapshot(call);
          if (isOver) connection.abort();
        },
      });
      // A server that closes a stream after sending something is only spreading its load. Before that, the connection is lost.
      if (!hasBytes) throw new TypeError('empty stream');
    } catch {
      if (!isOver && !turn.signal.aborted) {
        failures += 1;
        trusting = false;
        report({ type: 'lost' });
      }
    } finally {
      stop();
      stopEarly();
      connection.abort();
      connection.done();
    }
  }

  /** Fetches the snapshot while a connection waits for its first byte. A failure tells us no more than the missing byte does. */
  async function pollBeside(connection: AbortController): Promise<void> {
    const answer = await client.snapshot(key, connection.signal);
    if (connection.signal.aborted || !answer.ok) return;
    onSnapshot(answer.value);
    if (isOver) connection.abort();
  }

  function missed({ problem }: Extract<Result<unknown>, { ok: false }>): void {
    if (turn.signal.aborted) return;
    if (problem.code === 'not-found') {
      isOver = true;
      report({ type: 'forgotten' });
      return;
    }
    trusting = false;
    if (problem.code === 'too-many-streams') {
      // Another connection would be refused too, but snapshots are not: poll without a delay.
      failures = mostFailures;
      return;
    }
    failures += 1;
    if (problem.retryAt !== undefined) hintMs = problem.retryAt - browser.now();
    report({ type: 'lost' });
  }

  function waitMs(): number {
    const hint = hintMs;
    hintMs = undefined;
    if (failures >= mostFailures) return Math.max(pollMs, Math.min(hint ?? 0, longestHintMs));
    if (hint !== undefined) return Math.min(Math.max(hint, 0), longestHintMs);
    return shortestMs + browser.random() * Math.min(longestMs - shortestMs, shortestMs * 2 ** failures);
  }
}
