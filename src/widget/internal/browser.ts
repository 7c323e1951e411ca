// What the widget's logic uses from the browser: network, clock, randomness, page events, storage, other tabs. One interface, so
// that tests can control it; it makes no decisions.

/** Window and document events after which the state may be stale, or that announce that the page may be suspended. */
export type PageEvent = 'online' | 'pagehide' | 'pageshow' | 'visibilitychange';

/** Messages between this page and others of its origin. */
export interface Channel {
  post(message: unknown): void;
  close(): void;
}

/** The browser, as the widget's logic sees it. */
export interface Browser {
  /** One load of a page: shared by the elements of a page; a duplicated tab has another. */
  readonly pageId: string;
  /** `fetch` itself. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Epoch milliseconds. */
  now(): number;
  /** 0 ≤ n < 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Warns the page's developers in the console. */
  warn(message: string): void;
  online(): boolean;
  visible(): boolean;
  /** Listens until `signal` aborts. */
  on(type: PageEvent, listen: (event: Event) => void, signal: AbortSignal): void;
  /** The storage, or undefined if it is denied. */
  storage(kind: 'session' | 'local'): Storage | undefined;
  /** Undefined if the browser has none. */
  channel(name: string, onMessage: (message: unknown) => void): Channel | undefined;
}

/** Random enough to distinguish pages and tabs; not a secret. */
export function randomId(): string {
  return Math.random().toString(36).slice(2);
}

/** The real browser. */
export const realBrowser: Browser = {
  pageId: /* @__PURE__ */ randomId(),
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  warn: (message) => console.warn(message),
  online: () => navigator.onLine,
  visible: () => document.visibilityState === 'visible',
  on(type, listen, signal) {
    (type === 'visibilitychange' ? document : window).addEventListener(type, listen, { signal });
  },
  storage(kind) {
    try {
      return kind === 'session' ? sessionStorage : localStorage;
    } catch {
      return undefined;
    }
  },
  channel(name, onMessage) {
    try {
      const channel = new BroadcastChannel(name);
      channel.onmessage = (event: MessageEvent<unknown>) => onMessage(event.data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    } catch {
      return undefined;
    }
  },
};

/** Waits; returns early, without an error, when `signal` aborts. */
export const sleep = (browser: Browser, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = browser.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });

/** A controller that aborts with `parent`, for work that may also end by itself. `done()` detaches it from the parent. */
export function within(parent: AbortSignal): AbortController & { readonly done: () => void } {
  const child = new AbortController();
  const abort = (): void => child.abort(parent.reason);
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort);
  return Object.assign(child, { done: () => parent.removeEventListener('abort', abort) });
}
