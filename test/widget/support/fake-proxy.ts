// A proxy in the page: one call at a time, its answers and streams in the test's hands. Speaks the contract, knows no rules.

import {
  type CallRequest,
  type CallSnapshot,
  type CallStatus,
  headers,
  isTerminal,
  type JournalItem,
  type ProblemBody,
  type ProblemCode,
  problemStatuses,
  routes,
  type Site,
} from '../../../src/contract.js';
import type { FakeWorld } from './fake-world.js';

/** Where it lives. */
export const endpoint = 'https://calls.example';

/** A request that arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A stream somebody reads. */
export interface FakeStream {
  readonly lastEventId: string | null;
  readonly isOpen: boolean;
  send(text: string): void;
  bytes(chunk: Uint8Array<ArrayBuffer>): void;
  end(): void;
  break(): void;
}

/** A site with nothing special. */
export const plainSite: Site = {
  sandbox: false,
  business: 'Example',
  countries: ['GB', 'US', 'AT'],
  challenge: { kind: 'none' },
  phoneMetadata: `${routes.phoneMetadata}/x.json`,
  opening: { open: true },
  scheduling: true,
  metadataKeys: [],
};

/** The bytes of one event, as the contract has them. */
export const eventOf = (call: CallSnapshot): string =>
  `id: ${String(call.seq)}\nevent: snapshot\ndata: ${JSON.stringify(call)}\n\n`;

/** The proxy. */
export class FakeProxy {
  readonly world: FakeWorld;
  site: Site = plainSite;
  phoneMetadata: unknown;
  readonly arrived: Arrived[] = [];
  readonly streams: FakeStream[] = [];
  /** Answers of `POST /v1/calls` by turn; after them the call is accepted. `never` hangs, `drop` is a network error. */
  readonly onAsk: (Response | 'never' | 'drop')[] = [];
  /** Overrides an answer by path; `undefined` leaves it. */
  override: (arrived: Arrived) => Response | 'never' | 'drop' | undefined = () => undefined;
  /** False: no network. */
  isUp = true;
  call: CallSnapshot | undefined;
  /** Calls begun, by idempotency key. */
  readonly begun = new Map<string, string>();
  status: CallStatus = 'requested';
  scheduledFor: CallSnapshot['scheduledFor'];
  streamStatus = 200;
  /** The proxy's clock minus the page's, milliseconds. */
  skewMs = 0;

  constructor(world: FakeWorld) {
    this.world = world;
    this.serve(world);
  }

  /** Serves another tab of the same browser. */
  serve(world: FakeWorld): void {
    world.answer = (url, init) => this.#answer(url, init);
  }

  /** The requests of one kind. */
  asked(method: string, path: string): readonly Arrived[] {
    return this.arrived.filter((one) => one.method === method && one.path === path);
  }

  /** Bodies of `POST /v1/calls`. */
  get asks(): readonly CallRequest[] {
    return this.asked('POST', routes.calls).map(({ body }) => body as CallRequest);
  }

  get openStreams(): readonly FakeStream[] {
    return this.streams.filter(({ isOpen }) => isOpen);
  }

  /** Moves the call on, and tells all streams unless `silently`. */
  move(status: CallStatus, { silently = false, ...more }: Partial<CallSnapshot> & { silently?: boolean } = {}): void {
    const { call } = this;
    if (call === undefined) throw new Error('there is no call');
    const item: JournalItem = { seq: call.seq + 1, status, at: this.#now() };
    this.call = { ...call, ...more, status, seq: item.seq, history: [...call.history, item], now: this.#now() };
    if (silently) return;
    for (const stream of this.openStreams) {
      stream.send(eventOf(this.call));
      if (isTerminal(status)) stream.end();
    }
  }

  #now(): string {
    return new Date(this.world.clock + this.skewMs).toISOString();
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    if (!this.isUp) throw new TypeError('no network');
    const path = new URL(url).pathname;
    const method = init.method ?? 'GET';
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const arrived: Arrived = { method, path, headers: new Headers(init.headers), body };
    this.arrived.push(arrived);
    const answer = this.override(arrived) ?? this.#route(arrived, init.signal ?? undefined);
    if (answer === 'never') return new Promise(() => {});
    if (answer === 'drop') throw new TypeError('connection reset');
    return answer;
  }

  #route(arrived: Arrived, signal: AbortSignal | undefined): Response | 'never' | 'drop' {
    const { method, path } = arrived;
    if (path === routes.site) return Response.json(this.site);
    if (path === routes.challenge) return Response.json({ puzzle: 1 });
    if (path === routes.slots) return Response.json({ openNow: true, slots: [] });
    if (path.startsWith(routes.phoneMetadata)) return Response.json(this.phoneMetadata ?? {});
    if (path === routes.calls) return this.onAsk.shift() ?? this.#accept(arrived.headers);
    const { call } = this;
    const isKnown = call !== undefined && path.startsWith(`${routes.calls}/${call.id}`);
    if (!isKnown || arrived.headers.get('authorization') !== `Bearer token-${call.id}`) return problem('not-found');
    if (path.endsWith('/events')) return this.#stream(call, arrived.headers, signal);
    if (method === 'DELETE') {
      if (call.canTakeBack !== true) return problem('not-cancellable');
      this.move('cancelled', { endedBecause: 'taken-back', canTakeBack: false });
    }
    return Response.json({ ...this.call, now: this.#now() });
  }

  #accept(asked: Headers): Response {
    const key = asked.get(headers.idempotencyKey) ?? '';
    let id = this.begun.get(key);
    if (id === undefined) {
      id = `call-${String(this.begun.size + 1)}`;
      this.begun.set(key, id);
      const at = this.#now();
      const { status, scheduledFor } = this;
      const more = scheduledFor === undefined ? {} : { scheduledFor, canTakeBack: status === 'scheduled' };
      this.call = { id, status, seq: 1, history: [{ seq: 1, status, at }], now: at, ...more };
    }
    return Response.json({ ...this.call, token: `token-${id}` }, { status: 202 });
  }

  #stream(call: CallSnapshot, asked: Headers, signal: AbortSignal | undefined): Response {
    if (isTerminal(call.status)) return new Response(null, { status: 204 });
    if (this.streamStatus !== 200) return new Response('gone', { status: this.streamStatus });
    const { readable, stream } = openStream(asked.get(headers.lastEventId), signal);
    this.streams.push(stream);
    stream.send(':\n\n');
    if (Number(stream.lastEventId) < call.seq) stream.send(eventOf(call));
    return new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } });
  }
}

/** A problem as the proxy answers it. */
export function problem(code: ProblemCode, more: Partial<ProblemBody> = {}): Response {
  const status = problemStatuses[code];
  const body: ProblemBody = {
    type: `urn:polyai-callback:problem:${code}`,
    title: code,
    status,
    code,
    requestId: 'r-1',
    ...more,
  };
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}

function openStream(
  lastEventId: string | null,
  signal: AbortSignal | undefined,
): { readable: ReadableStream<Uint8Array>; stream: FakeStream } {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isOpen = true;
  const readable = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      isOpen = false;
    },
  });
  const close = (how: () => void): void => {
    if (isOpen) how();
    isOpen = false;
  };
  signal?.addEventListener('abort', () => close(() => controller?.error(new DOMException('aborted', 'AbortError'))));
  const bytes = (chunk: Uint8Array): void => {
    if (isOpen) controller?.enqueue(chunk);
  };
  const stream: FakeStream = {
    lastEventId,
    get isOpen() {
      return isOpen;
    },
    bytes,
    send: (text) => bytes(new TextEncoder().encode(text)),
    end: () => close(() => controller?.close()),
    break: () => close(() => controller?.error(new TypeError('reset'))),
  };
  return { readable, stream };
}
