// The line to one proxy: the call that runs, what the browser remembers of it, the other tabs that should know. It feeds the
// machine; what the visitor wishes is call-controller.ts's.

import type { CallIntent } from '../api/result.js';
import { type CallAccepted, type CallSnapshot, isTerminal } from '../../contract.js';
import { announceEnded, announceProgress, announceRequested } from './call-events.js';
import { type FollowInput, followCall } from './follow-call.js';
import type { CallInput, CallState } from './call-state.js';
import { type CallKey, createProxyClient, type ProxyClient } from '../api/proxy-client.js';
import { createCallStorage, type CallStorage, type StoredCall } from './call-storage.js';
import { joinTabChannel, type TabChannel, type CallMessage } from './tab-channel.js';
import { randomId, within, type Browser } from '../internal/browser.js';

/** What a line needs of its controller. */
export interface LineOwner {
  readonly host: EventTarget;
  readonly browser: Browser;
  state(): CallState;
  /** Feeds the machine; false when nothing changed. */
  send(input: CallInput): boolean;
  /** The proxy's clock minus the page's, milliseconds. */
  onClock(offsetMs: number): void;
}

/** An ended call is shown again after a reload for so long, milliseconds: somebody who comes later came for something else. */
const endedShownMs = 10 * 60_000;

/** One proxy's line. Asleep until `wake`, and again after its signal aborts. */
export class CallLine {
  readonly client: ProxyClient;
  readonly #owner: LineOwner;
  readonly #storage: CallStorage;
  readonly #endpoint: string;
  readonly #since: number;
  #tab: string = randomId();
  #tabs: TabChannel | undefined;
  #awake: AbortSignal = AbortSignal.abort();
  #following: AbortController | undefined;
  #key: CallKey | undefined;

  constructor(endpoint: string, owner: LineOwner) {
    this.#endpoint = endpoint;
    this.#owner = owner;
    this.#since = owner.browser.now();
    this.client = createProxyClient(endpoint, owner.browser);
    this.#storage = createCallStorage(owner.browser, endpoint);
  }

  /** Joins the other tabs and comes back to the call that was running, if one was. */
  wake(signal: AbortSignal): void {
    if (this.#awake === signal || signal.aborted) return;
    this.#awake = signal;
    const { browser } = this.#owner;
    const known = this.#storage.recall();
    if (known) this.#tab = known.tab;
    this.#tabs = joinTabChannel(
      browser,
      this.#endpoint,
      () => this.#running(),
      (told) => this.#onTold(told),
    );
    signal.addEventListener('abort', () => this.#tabs?.leave(), { once: true });
    const state = this.#owner.state();
    if (state.phase === 'following') this.#follow(false);
    else if (state.phase === 'form' && known) this.#resume(known);
  }

  /** The proxy accepted a call of this page. */
  accept({ token, ...call }: CallAccepted, intent: CallIntent): void {
    const { host, browser } = this.#owner;
    this.#key = { id: call.id, token };
    this.#storage.keep({ call, token, tab: this.#tab, mine: true, owed: true, savedAt: browser.now(), intent });
    this.#owner.send({ type: 'snapshot', call });
    this.#setClock(call);
    announceRequested(host, call, intent);
    // A call can come back ended: the same press sent twice, and the first answer lost.
    if (isTerminal(call.status)) announceEnded(host, call, call.status, this.#storage);
    else this.#follow(true);
    const told = this.#running();
    if (told) this.#tabs?.tell(told);
  }

  /** The metadata slice; rejects when it cannot be had. Shared by all elements of the page, it does not end with this one. */
  async phoneMetadata(path: string): Promise<object> {
    const answer = await this.client.phoneMetadata(path, new AbortController().signal);
    if (!answer.ok) throw new Error(answer.problem.code);
    return answer.value;
  }

  /** Takes a scheduled callback back. */
  async takeBack(): Promise<boolean> {
    const key = this.#key;
    const signal = this.#awake;
    if (!key || signal.aborted) return false;
    const answer = await this.client.cancelCall(key, signal);
    // Too late, it seems: the truth is one look away.
    const after = answer.ok ? answer : await this.client.snapshot(key, signal);
    if (after.ok && !signal.aborted) this.#report({ type: 'snapshot', call: after.value });
    return answer.ok;
  }

  /** The visitor has left the call: an ended one is forgotten, a scheduled one found again on the next visit. */
  leave(state: CallState): void {
    if (state.phase !== 'ended' && state.phase !== 'following') return;
    this.#following?.abort();
    if (state.phase === 'ended') this.#storage.forget(state.call.id);
  }

  #resume({ call, token, mine, owed, savedAt, intent }: StoredCall): void {
    const { browser, send } = this.#owner;
    if (isTerminal(call.status) && !owed && browser.now() - savedAt > endedShownMs)
      return this.#storage.forget(call.id);
    this.#key = { id: call.id, token };
    send({ type: 'snapshot', call, elsewhere: !mine, ...(intent && { intent }) });
    if (isTerminal(call.status)) return announceEnded(this.#owner.host, call, call.status, this.#storage);
    // What is remembered may be hours old: it is shown as such until the proxy has spoken.
    send({ type: 'lost' });
    this.#follow(false);
  }

  #follow(fresh: boolean): void {
    this.#following?.abort();
    const state = this.#owner.state();
    if (!this.#key || state.phase !== 'following') return;
    const following = (this.#following = within(this.#awake));
    const { signal } = following;
    void followCall({
      key: this.#key,
      seq: state.call.seq,
      fresh,
      client: this.client,
      browser: this.#owner.browser,
      signal,
      report: (input) => !signal.aborted && this.#report(input),
    }).finally(following.done);
  }

  #report(input: FollowInput): void {
    const { host, browser } = this.#owner;
    const state = this.#owner.state();
    if (input.type === 'snapshot') {
      this.#setClock(input.call);
      const elsewhere = state.phase === 'following' && state.elsewhere;
      this.#owner.send({ ...input, elsewhere });
      announceProgress(host, input.call, this.#storage, browser.now());
      return;
    }
    this.#owner.send(input);
    if (input.type === 'forgotten' && state.phase === 'following') {
      announceEnded(host, state.call, 'unknown', this.#storage);
      this.#storage.forget(state.call.id);
    }
  }

  #setClock({ now }: CallSnapshot): void {
    const offset = Date.parse(now) - this.#owner.browser.now();
    if (Number.isFinite(offset)) this.#owner.onClock(offset);
  }

  #running(): CallMessage | undefined {
    const state = this.#owner.state();
    if (state.phase !== 'following' || !this.#key) return undefined;
    const { pageId } = this.#owner.browser;
    return { call: state.call, token: this.#key.token, tab: this.#tab, page: pageId, since: this.#since };
  }

  #onTold({ call, token, tab, page, since }: CallMessage): void {
    const { browser } = this.#owner;
    if (tab === this.#tab && page !== browser.pageId && since < this.#since) {
      // This tab is a duplicate: its storage is a copy, and the call the original's.
      this.#tab = randomId();
      this.#storage.change(call.id, { tab: this.#tab, mine: false, owed: false });
    }
    const state = this.#owner.state();
    // The other tab has begun another call after the one that ended here.
    if (state.phase === 'ended' && state.call.id !== call.id) {
      this.leave(state);
      this.#owner.send({ type: 'reset' });
    }
    // Of one page are all its elements: none of them says that another tab asked, whichever way it heard of the call.
    const mine = this.#storage.find(call.id)?.mine ?? page === browser.pageId;
    if (!this.#owner.send({ type: 'snapshot', call, told: true, elsewhere: !mine })) return;
    if (this.#key?.id === call.id && state.phase === 'following') return;
    this.#key = { id: call.id, token };
    this.#storage.keep({ call, token, tab: this.#tab, mine: false, owed: false, savedAt: browser.now() });
    this.#follow(false);
  }
}
