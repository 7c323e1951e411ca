// A proxy inside the page: it answers the widget's fetches by the contract, and its calls move when a test says so.

import metadata from 'libphonenumber-js/min/metadata';
import {
  type CallRequest,
  type CallSnapshot,
  type CallStatus,
  type ProblemBody,
  problemStatuses,
  routes,
  type Site,
  type Slot,
} from '../../../src/contract.js';

/** What the tests' site is unless they say otherwise. */
export const plainSite: Site = {
  sandbox: false,
  business: 'Harbour Dental',
  countries: ['GB', 'US', 'DE', 'FR', 'AT'],
  callingCodes: { GB: '44', US: '1', DE: '49', FR: '33', AT: '43' },
  countryHint: 'GB',
  callerId: '+12025550123',
  phone: '+442079460900',
  challenge: { kind: 'none' },
  opening: { open: true },
  scheduling: false,
  phoneMetadata: `${routes.phoneMetadata}/test.json`,
  metadataKeys: [],
};

/** What a test may say of a problem beside its code. */
export type ProblemDetails = Partial<
  Pick<ProblemBody, 'reason' | 'country' | 'lengths' | 'retryAfterSeconds' | 'slots'>
>;

let proxies = 0;

/** The proxy. Each has an origin of its own, so that nothing is shared between tests. */
export class PageProxy {
  readonly endpoint: string = `https://proxy-${String(++proxies)}.test`;
  readonly site: Site;
  /** Bodies of `POST /v1/calls`, oldest first. */
  readonly asked: CallRequest[] = [];
  /** Paths of every request, oldest first. */
  readonly paths: string[] = [];
  /** False: nothing answers. */
  isUp = true;
  /** Answers the next calls with this problem instead. */
  problem: Response | undefined;
  /** `GET /v1/site` waits for this. */
  siteGate: Promise<void> = Promise.resolve();
  /** The next `POST /v1/calls` waits for this. */
  gate: Promise<void> = Promise.resolve();
  /** What `POST /v1/slots` offers. */
  slots: readonly Slot[] = [];
  /** Beyond its status, what the call's snapshots hold. */
  extra: Partial<CallSnapshot> = {};
  #call: CallSnapshot | undefined;
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #fetch = globalThis.fetch;

  constructor(site: Partial<Site> = {}) {
    this.site = { ...plainSite, ...site };
    const real = this.#fetch;
    globalThis.fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input, location.href);
      return url.origin === this.endpoint ? this.#answer(url, init) : real.call(globalThis, input, init);
    };
  }

  /** Takes the page's own fetch back. */
  close(): void {
    this.drop();
    globalThis.fetch = this.#fetch;
  }

  /** The call moves on, and whoever watches hears it. */
  tell(status: CallStatus, extra: Partial<CallSnapshot> = {}): void {
    Object.assign(this.extra, extra);
    this.#move(status);
    for (const stream of this.#streams) stream.enqueue(this.#event());
  }

  /** Ends the call so that its streams end too. */
  end(status: CallStatus, extra: Partial<CallSnapshot> = {}): void {
    this.tell(status, extra);
    this.drop();
  }

  /** Closes every stream. */
  drop(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** A problem as the proxy would answer it. */
  static problem(code: ProblemBody['code'], details: ProblemDetails = {}): Response {
    const status = problemStatuses[code];
    const body = {
      type: `urn:polyai-callback:problem:${code}`,
      title: 'SERVER PROSE',
      status,
      code,
      requestId: 'req-7',
      ...details,
    };
    const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
    if (details.retryAfterSeconds !== undefined) headers['Retry-After'] = String(details.retryAfterSeconds);
    return new Response(JSON.stringify(body), { status, headers });
  }

  async #answer({ pathname }: URL, init: RequestInit = {}): Promise<Response> {
    const method = init.method ?? 'GET';
    this.paths.push(`${method} ${pathname}`);
    if (!this.isUp) throw new TypeError('Failed to fetch');
    if (pathname === routes.site) {
      await this.siteGate;
      return json(this.site);
    }
    if (pathname === this.site.phoneMetadata) return json(metadata);
    // A puzzle that never comes: the visitor waits.
    if (pathname === routes.challenge) return new Promise(() => {});
    if (pathname === routes.slots) return json({ openNow: true, slots: this.slots });
    if (pathname === routes.calls && method === 'POST') return this.#place(init.body as string, init.signal);
    if (!this.#call) return PageProxy.problem('not-found');
    if (pathname.endsWith('/events')) return this.#stream(init.signal);
    if (method === 'DELETE') this.end('cancelled', { endedBecause: 'taken-back', canTakeBack: false });
    return json(this.#snapshot());
  }

  async #place(body: string, signal: AbortSignal | null | undefined): Promise<Response> {
    this.asked.push(JSON.parse(body) as CallRequest);
    await this.gate;
    signal?.throwIfAborted();
    if (this.problem) {
      const { problem } = this;
      this.problem = undefined;
      return problem;
    }
    this.#call = undefined;
    this.#move(this.asked.at(-1)!.scheduleAt === undefined ? 'requested' : 'scheduled');
    return json({ ...this.#snapshot(), token: 'a'.repeat(43) }, 202);
  }

  #stream(signal: AbortSignal | null | undefined): Response {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#streams.add(controller);
        controller.enqueue(this.#event());
      },
      cancel: () => {
        this.#streams.delete(own);
      },
    });
    signal?.addEventListener('abort', () => {
      if (this.#streams.delete(own)) own.error(signal.reason);
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  #move(status: CallStatus): void {
    const seq = (this.#call?.seq ?? 0) + 1;
    const at = new Date().toISOString();
    const history = [...(this.#call?.history ?? []), { seq, status, at }];
    this.#call = { id: this.#call?.id ?? `call-${String(this.asked.length)}`, status, seq, history, now: at };
  }

  #snapshot(): CallSnapshot {
    return { ...this.#call!, ...this.extra, now: new Date().toISOString() };
  }

  #event(): Uint8Array {
    const call = this.#snapshot();
    return new TextEncoder().encode(`id: ${String(call.seq)}\nevent: snapshot\ndata: ${JSON.stringify(call)}\n\n`);
  }
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', Date: new Date().toUTCString() },
  });
