// Where a challenge is solved: in a worker if the page allows one, otherwise on the main thread. The search itself is
// pbkdf2-search.ts.
//
// What pages allow (tried in Chromium with page and proxy on two origins): a worker from another origin's URL is always
// refused. One from a blob runs unless a policy forbids it; a policy that names only the proxy's origin does (worker-src falls
// back to script-src) and reports the attempt as a violation. One from this file's own URL runs if the page and the proxy share
// an origin. Web Crypto derives keys off the main thread anyway (1.4 times as long as a worker, measured), so a blob is tried
// only on pages without Web Crypto: pages with TLS never see a violation.

import type { Challenge } from '../../contract.js';
import { type FindKey, keyFinder, type Solution } from './pbkdf2-search.js';

/** How a challenge can be solved; for tests. */
export interface SolverOptions {
  /** Ways to start a worker, best first; each may throw. Default: {@link workerWays}, the blob only without Web Crypto. */
  readonly ways?: readonly (() => Worker)[];
  /** How long a started worker may be silent before the main thread takes over, milliseconds. Default 3,000. */
  readonly silentMs?: number;
  /** Default: the page's. */
  readonly subtle?: SubtleCrypto | undefined;
}

/** Solves a challenge. Rejects with the signal's reason when it aborts; a worker is terminated at once. */
export async function solve(
  { parameters }: Pick<Challenge, 'parameters'>,
  signal: AbortSignal,
  options: SolverOptions = {},
): Promise<Solution> {
  const subtle = 'subtle' in options ? options.subtle : globalThis.crypto?.subtle;
  for (const way of options.ways ?? (subtle === undefined ? workerWays : workerWays.slice(0, 1))) {
    signal.throwIfAborted();
    const solution = await solveInWorker(way, parameters, signal, options.silentMs ?? 3_000);
    if (solution !== undefined) return solution;
  }
  signal.throwIfAborted();
  const find = keyFinder(subtle);
  const solution = await find(parameters, () => signal.aborted);
  signal.throwIfAborted();
  if (solution === undefined) throw new Error('stopped');
  return solution;
}

/** Undefined when no worker can be started this way; rejects when `signal` aborts. */
function solveInWorker(
  way: () => Worker,
  parameters: Challenge['parameters'],
  signal: AbortSignal,
  silentMs: number,
): Promise<Solution | undefined> {
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = way();
    } catch {
      // Another origin's URL, or Trusted Types.
      resolve(undefined);
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      worker.terminate();
    };
    const giveUp = (): void => {
      end();
      resolve(undefined);
    };
    const abort = (): void => {
      end();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(giveUp, silentMs);
    signal.addEventListener('abort', abort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<'started' | Solution | null>) => {
      clearTimeout(timer);
      if (data === 'started') return;
      end();
      resolve(data ?? undefined);
    };
    // A policy's refusal arrives as an event, not as an exception. It is handled here, so that it does not become an error of
    // the page.
    worker.onerror = (event) => {
      event.preventDefault();
      giveUp();
    };
    worker.postMessage(parameters);
  });
}

/** What runs in a worker. Its text is sent there, so it must not refer to anything outside itself. */
function serve(createSearch: (subtle: SubtleCrypto | undefined) => FindKey): void {
  const find = createSearch(globalThis.crypto?.subtle);
  onmessage = async ({ data }: MessageEvent<Challenge['parameters']>) => {
    postMessage('started');
    postMessage(await find(data, () => false).catch(() => null));
  };
}

declare const __POLYAI_CALLBACK_IS_SERVED__: true | undefined;

/** The ways to start a worker, in the order they are tried. */
export const workerWays: readonly (() => Worker)[] = [
  () => {
    // Only in the proxy's own build is it certain that this file's URL contains this file and nothing else.
    const served = typeof __POLYAI_CALLBACK_IS_SERVED__ !== 'undefined';
    const { origin, href } = new URL(import.meta.url);
    if (!served || origin !== location.origin) throw new Error('not this way');
    return new Worker(href, { type: 'module' });
  },
  () => {
    // The worker revokes its own URL: by then it has certainly loaded, which is not true in every browser right after the
    // constructor.
    const text = `URL.revokeObjectURL(location.href);(${String(serve)})(${String(keyFinder)})`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    try {
      return new Worker(address);
    } catch (error) {
      URL.revokeObjectURL(address);
      throw error;
    }
  },
];

// Loaded as a worker by the first way.
if (typeof document === 'undefined' && typeof postMessage === 'function' && 'importScripts' in globalThis)
  serve(keyFinder);
