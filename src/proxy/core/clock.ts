// The proxy's only source of time, so that tests can control it.

/** Time and timers. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a monotonic clock: it never jumps, whatever `now` does. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; aborting `signal` cancels it. */
  after(delayMs: number, task: () => void, signal?: AbortSignal): void;
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task, signal) => {
    if (signal?.aborted) return;
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', forget);
      task();
    }, delayMs);
    timer.unref();
    const forget = (): void => clearTimeout(timer);
    signal?.addEventListener('abort', forget, { once: true });
  },
};
