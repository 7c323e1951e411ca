// A browser that is cranked by hand: clock, network, page events, storage, other tabs. Runs in Node and in a browser.

import type { Channel, PageEvent, World } from '../../../src/widget/world.js';

/** What the tabs of one browser share. */
export class FakeBrowser {
  readonly local: Storage = memoryStorage();
  readonly channels: { readonly name: string; readonly receive: (message: unknown) => void }[] = [];
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

let pages = 0;

/** One tab. */
export class FakeWorld implements World {
  readonly pageId: string = `page-${String((pages += 1))}`;
  clock: number = Date.UTC(2026, 10, 23, 12, 0, 0);
  chance = 0.5;
  isOnline = true;
  isVisible = true;
  /** Storage that throws, as a browser with storage denied. */
  deniesStorage = false;
  session: Storage = memoryStorage();
  /** Answers requests; the test's proxy. */
  answer: (url: string, init: RequestInit) => Promise<Response> = () => Promise.reject(new TypeError('no network'));
  readonly browser: FakeBrowser;
  readonly page: EventTarget = new EventTarget();
  /** Listeners that are still there. */
  listeners = 0;
  readonly #timers = new Set<Timer>();

  constructor(browser: FakeBrowser = new FakeBrowser()) {
    this.browser = browser;
  }

  /** Timers that are still set: after everything has ended there must be none. */
  get timers(): number {
    return this.#timers.size;
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    if (init.signal?.aborted === true) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(aborted()), { once: true });
      this.answer(url, init).then(resolve, reject);
    });
  }

  now(): number {
    return this.clock;
  }

  random(): number {
    return this.chance;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.clock + Math.max(0, ms), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  online(): boolean {
    return this.isOnline;
  }

  visible(): boolean {
    return this.isVisible;
  }

  on(type: PageEvent, listen: (event: Event) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.page.addEventListener(type, listen, { signal });
    this.listeners += 1;
    signal.addEventListener('abort', () => (this.listeners -= 1), { once: true });
  }

  storage(kind: 'session' | 'local'): Storage | undefined {
    if (this.deniesStorage) return undefined;
    return kind === 'session' ? this.session : this.browser.local;
  }

  channel(name: string, onMessage: (message: unknown) => void): Channel | undefined {
    const { channels } = this.browser;
    // A message is a copy, and comes later.
    const own = {
      name,
      receive: (message: unknown) => queueMicrotask(() => channels.includes(own) && onMessage(message)),
    };
    channels.push(own);
    return {
      post: (message) => {
        for (const other of channels) if (other !== own && other.name === name) other.receive(structuredClone(message));
      },
      close: () => {
        if (channels.includes(own)) channels.splice(channels.indexOf(own), 1);
      },
    };
  }

  /** Fires a page event. */
  fire(type: PageEvent, more: object = {}): void {
    this.page.dispatchEvent(Object.assign(new Event(type), more));
  }

  /** Lets time pass: runs what falls due, in order, and lets everything settle in between. */
  async crank(ms: number): Promise<void> {
    const end = this.clock + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.clock = Math.max(this.clock, due.at);
      due.run();
      await settle();
    }
    this.clock = end;
    await settle();
  }
}

/** Lets promises, streams and messages go as far as they can without time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(null);
    });
  }
}

/** Settles until something is true; fails loudly when it never is. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await settle();
  }
}

const aborted = (): DOMException => new DOMException('aborted', 'AbortError');

/** A storage of its own. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}
