// A page with elements that have nothing but a call controller, on a fake browser and proxy. Records the DOM events.

import { LitElement } from 'lit';
import { CallController, type CallControllerOptions } from '../../../src/widget/call-controller.js';
import type { Ask } from '../../../src/widget/call-state.js';
import type { PolyaiCallbackEventName } from '../../../src/widget/events.js';
import { endpoint, type FakeProxy } from './fake-proxy.js';
import { type FakeBrowser, FakeWorld, settle } from './fake-world.js';

/** An element with a call controller and nothing to see. */
export class CallHostElement extends LitElement {
  static world: FakeWorld;
  static options: Partial<CallControllerOptions> = {};
  endpoint = endpoint;
  readonly world: FakeWorld = CallHostElement.world;
  readonly call: CallController = new CallController(this, {
    endpoint: () => this.endpoint,
    context: () => ({ locale: 'en', consent: { text: 'I agree to be called.', source: 'page' } }),
    widgetVersion: '0.0.0',
    world: this.world,
    ...CallHostElement.options,
  });

  /** The phase, or the call's status. */
  get phase(): string {
    const { state } = this.call;
    return state.phase === 'following' ? state.call.status : state.phase;
  }
}
customElements.define('call-host', CallHostElement);

/** A number to be called. */
export const ask: Ask = { phone: '+442079460958', country: 'GB', international: true };

const names: readonly PolyaiCallbackEventName[] = [
  'polyai-callback-before-call',
  'polyai-callback-requested',
  'polyai-callback-progress',
  'polyai-callback-scheduled',
  'polyai-callback-ended',
  'polyai-callback-refused',
  'polyai-callback-error',
];

/** One event as a page's listener saw it. */
export interface Heard {
  readonly name: string;
  readonly detail: Record<string, unknown>;
  readonly event: CustomEvent;
}

/** A tab with a page in it. */
export class CallPage {
  readonly world: FakeWorld;
  readonly heard: Heard[] = [];
  readonly root: HTMLElement = document.createElement('div');

  constructor(browser?: FakeBrowser) {
    this.world = new FakeWorld(browser);
    document.body.append(this.root);
    for (const name of names) {
      this.root.addEventListener(name, (event) => {
        this.heard.push({ name: name.slice('polyai-callback-'.length), detail: event.detail as never, event });
      });
    }
  }

  /** Puts an element into the page. */
  async add(options: Partial<CallControllerOptions> = {}): Promise<CallHostElement> {
    CallHostElement.world = this.world;
    CallHostElement.options = options;
    const host = document.createElement('call-host') as CallHostElement;
    this.root.append(host);
    await settle();
    return host;
  }

  /** Names of the events so far, without the prefix. */
  get events(): readonly string[] {
    return this.heard.map(({ name }) => name);
  }

  count(name: string): number {
    return this.events.filter((one) => one === name).length;
  }

  /** The page goes: what it had in storage stays. */
  async unload(): Promise<void> {
    this.world.fire('pagehide', { persisted: false });
    this.root.replaceChildren();
    await settle();
  }

  /** The same tab, loaded anew. */
  async reload(proxy: FakeProxy): Promise<CallPage> {
    await this.unload();
    const page = new CallPage(this.world.browser);
    page.world.session = this.world.session;
    page.world.clock = this.world.clock;
    proxy.serve(page.world);
    return page;
  }

  /** Everything that would be left behind. */
  get leftovers(): Record<string, number> {
    const { timers, listeners, browser } = this.world;
    return { timers, listeners, channels: browser.channels.length };
  }
}
