// The preview's proxy: it runs in the preview's own page, answers the element according to the API contract, and moves its
// call to the phase to be shown. Nothing leaves the page, and no phone rings.

const hour = 3_600_000;
const json = (body, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const never = () => new Promise(() => {});

const proxies = new Map();
const real = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input, location.href);
  const proxy = proxies.get(url.origin);
  return proxy ? proxy.answer(url.pathname, init) : real(input, init);
};

/** One proxy for one element. `site`: the real proxy's site data, with the preview's changes. */
export class PreviewProxy {
  endpoint = `https://preview-${String(proxies.size)}.invalid`;
  /** False: requests get no response. */
  isUp = true;
  /** Answers calls with this problem: `{code, status, …}`. */
  problem;
  /** True: a call request never gets a response. */
  isSlow = false;
  /** What snapshots contain in addition to the status. */
  extra = {};
  site;
  #call;
  #requested = () => {};
  #streams = new Set();
  /** Resolves when the widget has requested a call. */
  requested = new Promise((resolve) => {
    this.#requested = resolve;
  });
  #followed = () => {};
  /** Resolves when the widget follows its call. */
  followed = new Promise((resolve) => {
    this.#followed = resolve;
  });

  constructor(site) {
    this.site = site;
    proxies.set(this.endpoint, this);
  }

  /** Times that can be selected, from so many hours ahead: tomorrow by default. */
  slots(from = 24) {
    return [0, 1, 2, 3].map((hours) => ({
      at: new Date(Math.floor(Date.now() / hour) * hour + (from + hours) * hour).toISOString(),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      wall: '2030-01-01T09:00',
    }));
  }

  /** Moves the call to a status. `afterMs`: so much later in its journal. */
  report(status, extra = {}, afterMs = 0) {
    delete this.extra.queue;
    Object.assign(this.extra, extra);
    this.#move(status, afterMs);
    for (const stream of this.#streams) stream.enqueue(this.#event());
  }

  /** Changes the place of a call that waits. */
  moveTo(place) {
    this.extra.queue = place;
    for (const stream of this.#streams) stream.enqueue(this.#event());
  }

  /** Breaks the connection; further requests get no response. */
  breakDown() {
    this.isUp = false;
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** Answers a request of the element. */
  async answer(path, init = {}) {
    const method = init.method ?? 'GET';
    // The phone metadata comes from the real proxy.
    if (path === this.site.phoneMetadata) return real(new URL(`..${path}`, document.baseURI), init);
    if (!this.isUp) throw new TypeError('Failed to fetch');
    if (path === '/v1/site') return json(this.site);
    if (path === '/v1/challenge') return never();
    if (path === '/v1/slots') return json({ openNow: true, slots: this.slots() });
    if (path === '/v1/calls' && method === 'POST') return this.#place(JSON.parse(init.body));
    if (new Headers(init.headers).get('accept') === 'text/event-stream') return this.#stream(init.signal);
    if (method === 'DELETE') this.report('cancelled', { endedBecause: 'taken-back', canTakeBack: false });
    return json(this.#snapshot());
  }

  async #place({ scheduleAt, queue }) {
    this.#requested();
    if (this.isSlow) return never();
    if (this.problem && scheduleAt === undefined && !queue) {
      const { status, ...details } = this.problem;
      const body = {
        type: `urn:polyai-callback:problem:${details.code}`,
        title: '',
        status,
        requestId: 'preview',
        ...details,
      };
      return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });
    }
    this.#call = undefined;
    if (scheduleAt !== undefined) {
      this.extra = { scheduledFor: this.slots().find(({ at }) => at === scheduleAt), canTakeBack: true };
    }
    if (queue) this.extra = { queue: this.problem?.queue ?? { position: 1 }, canTakeBack: true };
    this.#move(scheduleAt === undefined && !queue ? 'requested' : 'scheduled');
    return json({ ...this.#snapshot(), token: 'a'.repeat(43) }, 202);
  }

  #stream(signal) {
    let own;
    const body = new ReadableStream({
      start: (controller) => {
        own = controller;
        this.#streams.add(own);
        own.enqueue(this.#event());
      },
      cancel: () => this.#streams.delete(own),
    });
    signal?.addEventListener('abort', () => {
      if (this.#streams.delete(own)) own.error(signal.reason);
    });
    this.#followed();
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  #move(status, afterMs = 0) {
    const at = new Date(Date.now() + afterMs).toISOString();
    const seq = (this.#call?.seq ?? 0) + 1;
    const history = [...(this.#call?.history ?? []), { seq, status, at }];
    this.#call = { id: this.#call?.id ?? `${this.endpoint.slice(8)}-call`, status, seq, history, now: at };
  }

  #snapshot() {
    return { ...this.#call, ...this.extra, now: new Date().toISOString() };
  }

  #event() {
    const call = this.#snapshot();
    return new TextEncoder().encode(`id: ${String(call.seq)}\nevent: snapshot\ndata: ${JSON.stringify(call)}\n\n`);
  }
}
