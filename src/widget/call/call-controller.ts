// The visitor's current call as the element sees it: its wishes in, the phase out. The running call is call-line.ts's, one
// press call-asker.ts's, what phase comes next call-machine.ts's, what it looks like the views'.

import type { CallIntent } from '../api/result.js';
import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import type { Site } from '../../contract.js';
import type { SolveChallenge } from './call-submission.js';
import type { CallEngine, EngineOwner } from '../chunks/call.js';
import type { CallControllerOptions } from './call-options.js';
import type { CallContext } from '../api/call-request.js';
import { watchForCalls } from './resumable-call.js';
import type { CallInput, CallState } from './call-state.js';
import { loadChallenge, prepareChallenge } from '../challenge/lazy-challenge.js';
import { fire } from '../internal/events.js';
import { initialState, nextOfForm } from './form-machine.js';
import { noAnswer } from '../api/fetch-json.js';
import type * as PhoneCode from '../chunks/phone.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';
import { LifecycleController } from '../internal/lifecycle-controller.js';
import { SiteCache } from '../api/site-cache.js';
import { realBrowser, type Browser } from '../internal/browser.js';

export type { CallContext, CallControllerOptions, ElementHost, SolveChallenge };

/** The visitor's current call as a Lit controller: the host renders `state` and passes the visitor's wishes on. */
export class CallController implements ReactiveController {
  /** The phase the visitor is in. Every change asks the host for an update. */
  state: CallState = initialState;
  /** The proxy's clock minus the page's, milliseconds: add it to `Date.now()` to get true time. */
  clockOffset = 0;

  readonly #host: ElementHost;
  readonly #options: CallControllerOptions;
  readonly #browser: Browser;
  readonly #owner: EngineOwner;
  readonly #life: LifecycleController;
  /** These belong to one endpoint. */
  #endpoint: string | undefined;
  #site: SiteCache | undefined;
  #engine: CallEngine | undefined;

  constructor(host: ElementHost, options: CallControllerOptions) {
    this.#host = host;
    this.#options = options;
    this.#browser = options.browser ?? realBrowser;
    this.#owner = {
      host,
      options,
      browser: this.#browser,
      solve: options.solve ?? (async (...task) => (await loadChallenge()).solveChallenge(...task)),
      awake: () => this.#life.signal,
      state: () => this.state,
      send: (input) => this.#send(input),
      getSite: (anew) => this.#load(anew).then(() => this.site),
      onClock: (offsetMs) => {
        this.clockOffset = offsetMs;
      },
    };
    const onSleep = (): void => {
      // A request that is out is asked about again on waking; one that is not is cancelled.
      if (this.state.phase === 'checking') this.#send({ type: 'cancel' });
    };
    this.#life = new LifecycleController(host, this.#browser, () => this.#wake(), onSleep);
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#endpoint !== this.#options.endpoint()) this.#life.restart();
  }

  /** What the proxy said of itself; undefined until `start()` has fetched it. */
  get site(): Site | undefined {
    return this.#site?.site;
  }

  /** Countries that can be chosen: the proxy's, narrowed by the page's. Empty until the site is known. */
  get countries(): readonly string[] {
    const all = this.site?.countries ?? [];
    const wanted = this.#options.countries?.() ?? [];
    return wanted.length > 0 ? all.filter((code) => wanted.includes(code)) : all;
  }

  /** Fetches the site, once a minute at most. Call it when the element is near the viewport or touched. Resolves also when it cannot be had: then the phase is `fallback`. */
  start(): Promise<void> {
    return this.#load(false);
  }

  /** Loads what the first touch needs: phone code, metadata, the engine. Call it on first focus. Resolves also when they cannot be had. */
  async loadPhone(): Promise<void> {
    const [engine] = await Promise.all([this.#loadEngine(), this.start()]);
    const slice = this.site?.phoneMetadata;
    if (!engine || slice === undefined) return;
    const code = (): Promise<typeof PhoneCode> => import('../chunks/phone.js');
    await engine.phone.load(`${String(this.#endpoint)} ${slice}`, code, () => engine.line.phoneMetadata(slice));
    this.#host.requestUpdate();
  }

  /** Reads what is typed; undefined while the phone code is not there. For the read-back line. */
  checkPhone(text: string, country: string | undefined): ParsedPhone | undefined {
    // Somebody types: the challenge will be needed.
    if (this.site && !this.#options.solve) void prepareChallenge(this.site.challenge.kind);
    return this.#engine?.phone.check(text, country, this.countries);
  }

  /** Reads what is typed, waiting for the phone code; for submitting. */
  async readPhone(text: string, country: string | undefined): Promise<ParsedPhone> {
    await this.loadPhone();
    if (this.#engine) return this.#engine.phone.read(text, country, this.countries);
    // Without the engine there is no call: the page's own content helps.
    this.#fail({ type: 'unreachable' });
    return { ok: false, reason: text.trim() === '' ? 'required' : 'not-a-number' };
  }

  /** The one number that pasted loose text holds, as it should stand in the field; undefined when there is none or several. */
  extractPhone(text: string, country: string | undefined): string | undefined {
    return this.#engine?.phone.extract(text, country, this.countries);
  }

  /** Asks for a call. While one is being asked for or followed, nothing happens. Resolves when the phase is settled. */
  async submit(intent: CallIntent): Promise<void> {
    await this.#begin({ type: 'submit', intent });
  }

  /** Takes an offered slot, by its `at`. */
  async chooseSlot(at: string): Promise<void> {
    await this.#begin({ type: 'choose-slot', at });
  }

  /** "Yes, it is a number in that country". The page has agreed to this call already. */
  async confirmCountry(): Promise<void> {
    if (this.#send({ type: 'country-confirmed' })) await this.#ask();
  }

  /** Asks again for the number of the last call. False when it is not known any more (the form is shown then). */
  async again(): Promise<boolean> {
    const { state } = this;
    const asked = 'intent' in state ? state.intent : undefined;
    if (!asked) this.reset();
    else {
      const { scheduleAt: _, ...intent } = asked;
      await this.submit(intent);
    }
    return asked !== undefined;
  }

  /** Asks when the number may be called and lets the visitor choose. Without `ask`: the number of the current phase. */
  async offerSlots(intent?: CallIntent): Promise<void> {
    const { state } = this;
    const wanted = intent ?? ('intent' in state ? state.intent : undefined);
    if (!wanted || !this.#send({ type: 'submit', intent: wanted })) return;
    this.#engine?.line.leave(state);
    await this.#ask(true);
  }

  /** Back to the form: from checking, the country question, the slots or a refusal. A request under way cannot be cancelled. */
  cancel(): void {
    if (this.#send({ type: 'cancel' })) this.#engine?.asker.abort();
  }

  /** Takes a scheduled callback back. False when the proxy would not (it has been placed) or could not be reached. */
  async takeBack(): Promise<boolean> {
    return (await this.#engine?.line.takeBack()) ?? false;
  }

  /** Back to an empty form. Does not touch a call that is ringing or being talked on. */
  reset(): void {
    const { state } = this;
    if (!this.#send({ type: 'reset' })) return;
    this.#engine?.asker.abort();
    this.#engine?.line.leave(state);
  }

  /** One press: the machine says whether it counts, the page whether it may. */
  async #begin(input: CallInput): Promise<void> {
    const { state } = this;
    const after = this.#next(input);
    if (after.phase !== 'checking' || after === state) return;
    const { country, scheduleAt } = after.intent;
    const detail = { country, ...(scheduleAt !== undefined && { scheduleAt }) };
    // A listener may have pressed by itself: then this press is the second one.
    if (!fire(this.#host, 'polyai-callback-before-call', detail) || !this.#send(input)) return;
    this.#engine?.line.leave(state);
    await this.#ask();
  }

  async #ask(forSlots = false): Promise<void> {
    const engine = await this.#loadEngine();
    if (engine) await engine.asker.ask(forSlots);
    else this.#fail({ type: 'refused', problem: { code: noAnswer(this.#browser) } });
  }

  #next(input: CallInput): CallState {
    return (this.#engine?.next ?? nextOfForm)(this.state, input);
  }

  #send(input: CallInput): boolean {
    const state = this.#next(input);
    if (state === this.state) return false;
    this.state = state;
    this.#host.requestUpdate();
    return true;
  }

  #fail(input: CallInput): void {
    if (this.#send(input)) fire(this.#host, 'polyai-callback-error', { code: noAnswer(this.#browser) });
  }

  async #load(anew: boolean): Promise<void> {
    const { signal } = this.#life;
    const before = this.site;
    await this.#site?.load(signal, anew);
    if (signal.aborted) return;
    const { site } = this;
    if (!site) return this.#fail({ type: 'unreachable' });
    const { opening } = site;
    if (site !== before) this.#host.requestUpdate();
    if (!opening.open && opening.mode !== 'schedule') this.#send({ type: 'closed', hidden: opening.mode === 'hide' });
    else if (this.state.phase === 'fallback') this.#send({ type: 'reset' });
  }

  async #loadEngine(): Promise<CallEngine | undefined> {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || this.#engine) return this.#engine;
    try {
      const { createEngine } = await import('../chunks/call.js');
      if (endpoint === this.#endpoint) this.#engine ??= createEngine(endpoint, this.#owner);
      this.#engine?.line.wake(this.#life.signal);
    } catch {
      // The next wish tries again.
    }
    return this.#engine;
  }

  #wake(): void {
    const endpoint = this.#options.endpoint();
    if (endpoint !== this.#endpoint) {
      this.#endpoint = endpoint;
      this.#engine = undefined;
      this.#site = endpoint === undefined ? undefined : new SiteCache(endpoint, this.#browser);
      this.state = initialState;
    }
    const { signal } = this.#life;
    for (const type of ['online', 'visibilitychange'] as const) {
      this.#browser.on(type, () => this.state.phase === 'fallback' && void this.start(), signal);
    }
    if (this.#engine) {
      this.#engine.line.wake(signal);
      void this.#engine.asker.resume();
    } else if (endpoint !== undefined) watchForCalls(this.#browser, endpoint, signal, () => void this.#loadEngine());
  }
}
