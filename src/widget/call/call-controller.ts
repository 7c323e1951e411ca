// Whether a call can be requested, and the visitor's call: the element's side of it. The first load contains only the form;
// everything a call needs is loaded with the interaction chunk (call-flow.ts).

import type { ReactiveController } from 'lit';
import type { Site } from '../../contract.js';
import { noAnswer } from '../api/fetch-json.js';
import type { CallIntent } from '../api/result.js';
import { SiteCache } from '../api/site-cache.js';
import { type Browser, realBrowser } from '../internal/browser.js';
import type { ElementHost } from '../internal/element-host.js';
import { fire } from '../internal/events.js';
import { loadInteraction } from '../internal/interaction.js';
import { LifecycleController } from '../internal/lifecycle-controller.js';
import type { CallFlow } from './call-flow.js';
import type { CallControllerOptions } from './call-options.js';
import { type CallPhase, type CallState, initialState, type Unavailable } from './call-state.js';
import { watchForCalls } from './resumable-call.js';

export type { CallControllerOptions };

/**
 * The visitor's current call as a Lit controller: the host renders `state` and passes the visitor's commands on.
 *
 * @example
 * ```ts
 * class CallButton extends LitElement {
 *   readonly call = new CallController(this, {
 *     endpoint: () => 'https://calls.example.com',
 *     context: () => ({ locale: 'en', consent: { text: 'Call me.', source: 'page' } }),
 *   });
 *
 *   render() {
 *     const press = () => this.call.submit({ phone: '+14155550100', country: 'US', international: true });
 *     return html`<button @click=${press}>${this.call.state.phase}</button>`;
 *   }
 * }
 * ```
 */
export class CallController implements ReactiveController {
  /** The call, once the visitor has interacted with the form or there is one to resume. */
  flow: CallFlow | undefined;
  /** The browser that the element runs in. */
  readonly browser: Browser;
  readonly #host: ElementHost;
  readonly #options: CallControllerOptions;
  readonly #lifecycle: LifecycleController;
  #unavailable: Unavailable | undefined;
  /** True when the call code cannot be loaded: only the page's own content helps. */
  #isBroken = false;
  #isOffline = false;
  #hasWarned = false;
  #endpoint: string | undefined;
  #site: SiteCache | undefined;

  constructor(host: ElementHost, options: CallControllerOptions) {
    this.#host = host;
    this.#options = options;
    this.browser = options.browser ?? realBrowser;
    this.#lifecycle = new LifecycleController(host, this.browser, () => this.#activate());
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#endpoint !== this.#options.endpoint()) this.#lifecycle.restart();
  }

  /** What the element shows. Every change requests an update of the host. */
  get state(): CallState {
    const phase: CallPhase = this.flow?.phase ?? initialState;
    const because = this.#unavailable;
    if (because && (this.#isBroken || phase.phase === 'form')) return { phase: 'fallback', because };
    return this.#isOffline && phase === initialState ? offline : phase;
  }

  /** The proxy's clock minus the page's, milliseconds: add it to `Date.now()` to get the proxy's time. */
  get clockOffset(): number {
    return this.flow?.clockOffset ?? 0;
  }

  /** The proxy that is used: the option's, as of the last update. */
  get endpoint(): string | undefined {
    return this.#endpoint;
  }

  /** The proxy's public settings; undefined until `start()` has fetched them. */
  get site(): Site | undefined {
    return this.#site?.site;
  }

  /** Countries that can be chosen: the proxy's, narrowed by the page's. Empty until the site is known. */
  get countries(): readonly string[] {
    const all = this.site?.countries ?? [];
    const wanted = this.#options.countries?.() ?? [];
    return wanted.length > 0 ? all.filter((code) => wanted.includes(code)) : all;
  }

  /** Fetches the site, at most once a minute. Call it when the element is near the viewport or used. Resolves even when that fails: then the phase is `fallback`. */
  async start(): Promise<void> {
    await this.#loadSite(false);
  }

  /** Submits a call, or with `forSlots` requests times for it. Does nothing while a call is being submitted or followed. Resolves when the phase is settled. */
  async submit(intent: CallIntent, forSlots = false): Promise<void> {
    const flow = await this.#load();
    this.#isOffline = false;
    if (!flow) this.fail();
    else if (this.state.phase !== 'fallback') await flow.press({ type: 'submit', intent }, !forSlots, forSlots);
  }

  /** A chunk of the element failed to load: the form says so while offline, otherwise the page's own content is shown. */
  fail(): void {
    const code = noAnswer(this.browser);
    if (code === 'unreachable') {
      this.#isBroken = true;
      this.#setUnavailable(code);
    } else {
      this.#isOffline = true;
      this.#host.requestUpdate();
      fire(this.#host, 'polyai-callback-error', { code });
    }
  }

  #setUnavailable(because: Unavailable | undefined): void {
    if (because === undefined) this.#isBroken = false;
    if (because === this.#unavailable) return;
    this.#unavailable = because;
    this.#host.requestUpdate();
    if (because === 'unreachable' && this.state.phase === 'fallback')
      fire(this.#host, 'polyai-callback-error', { code: noAnswer(this.browser) });
  }

  async #loadSite(isForced: boolean): Promise<Site | undefined> {
    const { signal } = this.#lifecycle;
    const before = this.site;
    await this.#site?.load(signal, isForced);
    const { site } = this;
    if (signal.aborted) return site;
    if (site !== before) this.#host.requestUpdate();
    const { opening } = site ?? {};
    const closed = !opening || opening.open || opening.mode === 'schedule' ? undefined : opening.mode;
    if (!site) this.#warn();
    this.#setUnavailable(!site ? 'unreachable' : closed && (closed === 'hide' ? 'hidden' : 'closed'));
    return site;
  }

  /** The two most common installation mistakes look the same to the page: the browser hides a response that this origin may not read. */
  #warn(): void {
    if (this.#hasWarned || !this.browser.online()) return;
    this.#hasWarned = true;
    this.browser.warn(
      `polyai-callback: no answer from ${String(this.#endpoint)}. Is it a full URL (https://…), and does its ALLOWED_ORIGINS name ${location.origin}?`,
    );
  }

  /** Loads the call code and creates this endpoint's flow; undefined when that fails. */
  async #load(): Promise<CallFlow | undefined> {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || this.flow) return this.flow;
    const chunk = await loadInteraction();
    // The next command tries again.
    if (!chunk || endpoint !== this.#endpoint) return this.flow;
    this.flow ??= new chunk.CallFlow({
      endpoint,
      browser: this.browser,
      host: this.#host,
      page: this.#options,
      fail: () => this.fail(),
      getSite: (isForced) => this.#loadSite(isForced),
    });
    this.flow.activate(this.#lifecycle.signal);
    return this.flow;
  }

  #activate(): void {
    const endpoint = this.#options.endpoint();
    if (endpoint !== this.#endpoint) {
      this.#endpoint = endpoint;
      this.flow = undefined;
      this.#site = endpoint === undefined ? undefined : new SiteCache(endpoint, this.browser);
      this.#unavailable = undefined;
    }
    const { signal } = this.#lifecycle;
    for (const type of ['online', 'visibilitychange'] as const) {
      this.browser.on(type, () => this.state.phase === 'fallback' && void this.start(), signal);
    }
    if (this.flow) this.flow.activate(signal);
    else if (endpoint !== undefined) watchForCalls(this.browser, endpoint, signal, () => void this.#load());
  }
}

/** Until the call code has been loaded, the form can have one problem. */
const offline: CallPhase = { phase: 'form', error: { code: 'offline' } };
