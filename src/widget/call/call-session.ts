// The call that this page shows: its storage, the messages to other tabs, the stream it follows. Reports inputs for the machine
// through one callback and knows nothing about phases.

import { type CallAccepted, type CallRequest, type CallSnapshot, isTerminal } from '../../contract.js';
import type { CallKey, ProxyClient } from '../api/proxy-client.js';
import type { CallIntent } from '../api/result.js';
import { type Browser, randomId, within } from '../internal/browser.js';
import { fire } from '../internal/events.js';
import { fireEnded, fireProgress, fireRequested } from './call-events.js';
import type { CallInput } from './call-state.js';
import { createCallStorage, type CallStorage, type PendingRequest, type StoredCall } from './call-storage.js';
import { type FollowInput, followCall } from './follow-call.js';
import { type CallMessage, joinTabChannel, type TabChannel } from './tab-channel.js';

/** What a session reports. */
export type SessionInput =
  | Extract<CallInput, { type: 'accepted' | 'resumed' | 'relayed' | 'redialed' | 'reset' }>
  | FollowInput;

/** What a session needs. */
export interface CallSessionOptions {
  readonly endpoint: string;
  readonly browser: Browser;
  readonly client: ProxyClient;
  /** Where DOM events are fired. */
  readonly target: EventTarget;
  /** Takes an input; false when it changed nothing. */
  readonly report: (input: SessionInput) => boolean;
}

/** How long an ended call is shown again after a reload, milliseconds: a later visit has another purpose. */
const endedShownMs = 10 * 60_000;

/**
 * How long a request is resent on the next page, milliseconds: as long as a page itself would keep trying. Later the visitor no
 * longer expects a call.
 */
const pendingLifeMs = 90_000;

/** One proxy's call. Suspended until `activate`, and again after its signal aborts. */
export class CallSession {
  /** The proxy's clock minus the page's, milliseconds. */
  clockOffset = 0;
  readonly #options: CallSessionOptions;
  readonly #storage: CallStorage;
  readonly #since: number;
  #tab: string = randomId();
  #channel: TabChannel | undefined;
  #active: AbortSignal = AbortSignal.abort();
  #following: AbortController | undefined;
  #current: { readonly key: CallKey; readonly call: CallSnapshot } | undefined;
  #isPendingOurs = false;

  constructor(options: CallSessionOptions) {
    this.#options = options;
    this.#since = options.browser.now();
    this.#storage = createCallStorage(options.browser, options.endpoint);
  }

  /** Joins the other tabs and resumes a call in progress, if there is one. */
  activate(signal: AbortSignal): void {
    this.#active = signal;
    const { browser, endpoint } = this.#options;
    const latest = this.#storage.latest();
    if (latest?.isLasting === false) this.#tab = latest.stored.tab;
    this.#channel = joinTabChannel(
      browser,
      endpoint,
      () => this.#message(),
      (message) => this.#onMessage(message),
    );
    // A hidden page may be discarded without notice: from then on the next page resends the request.
    browser.on('visibilitychange', () => this.#abandonPending(!browser.visible()), signal);
    const suspend = (): void => {
      this.#channel?.close();
      this.#abandonPending(true);
      this.#isPendingOurs = false;
    };
    signal.addEventListener('abort', suspend, { once: true });
    if (this.#current) this.#follow(false);
    else if (latest && !this.#storage.pending()?.abandoned) this.#resume(latest.stored, latest.isLasting);
  }

  /** Stores a request that is about to be sent. */
  keepPending(request: CallRequest, idempotencyKey: string): void {
    this.#isPendingOurs = true;
    const sentAt = this.#options.browser.now();
    this.#storage.setPending({ request, idempotencyKey, sentAt, abandoned: false });
  }

  /** The request of a page that was left before the response arrived, to be resent; returned once. */
  takePending(): PendingRequest | undefined {
    const pending = this.#storage.pending();
    if (!pending?.abandoned) return undefined;
    const isFresh = this.#options.browser.now() - pending.sentAt < pendingLifeMs;
    this.#storage.setPending(isFresh ? { ...pending, abandoned: false } : undefined);
    this.#isPendingOurs = isFresh;
    return isFresh ? pending : undefined;
  }

  /** The request was answered: its number is no longer kept. */
  clearPending(): void {
    this.#isPendingOurs = false;
    this.#storage.setPending(undefined);
  }

  /** The proxy accepted a call of this page. */
  accept({ token, ...call }: CallAccepted, intent: CallIntent): void {
    const { browser, target, report } = this.#options;
    const own = { tab: this.#tab, startedHere: true, endedEventPending: true };
    this.#storage.save({ call, token, ...own, savedAt: browser.now(), maskedPhone: maskPhone(intent.phone) });
    this.clearPending();
    this.#current = { key: { id: call.id, token }, call };
    this.#setClock(call);
    report({ type: 'accepted', call, intent });
    fireRequested(target, call, intent);
    // A call can arrive already ended: the same press was sent twice and the first response was lost.
    if (isTerminal(call.status)) fireEnded(target, call, call.status, this.#storage);
    this.#follow(true);
    this.#announce();
  }

  /** Cancels a scheduled callback, or places a second attempt now; false when the proxy would not, or could not be reached. */
  async change(how: 'cancelCall' | 'redialNow'): Promise<boolean> {
    const key = this.#current?.key;
    const signal = this.#active;
    if (!key || signal.aborted) return false;
    const { client } = this.#options;
    const result = await client[how](key, signal);
    // Probably too late: fetch the current state.
    const after = result.ok ? result : await client.snapshot(key, signal);
    if (after.ok && !signal.aborted) this.#onProgress({ type: 'snapshot', call: after.value });
    return result.ok;
  }

  /** A missed call is tried once more: from then on that call is followed. */
  async #followRedial({ id, verificationPhrase }: CallSnapshot, redial: CallKey): Promise<void> {
    const { browser, client, target, report } = this.#options;
    const result = await client.snapshot(redial, this.#active);
    const known = this.#storage.find(id);
    // Another element of the page was faster, or the visitor has left the missed call.
    if (!result.ok || !known || this.#current?.call.id !== id) return;
    // The agent says the same words.
    const call = { ...result.value, verificationPhrase };
    const { scheduledFor, id: callId } = call;
    this.#storage.save({ ...known, call, token: redial.token, endedEventPending: true, savedAt: browser.now() });
    this.#storage.remove(id);
    this.#current = { key: redial, call };
    report({ type: 'redialed', call });
    if (known.startedHere && scheduledFor) fire(target, 'polyai-callback-scheduled', { callId, scheduledFor });
    this.#follow(true);
    this.#announce();
  }

  #announce(): void {
    const message = this.#message();
    if (message) this.#channel?.post(message);
  }

  /** The visitor leaves the call: an ended one is removed, one in progress is found again on the next visit. */
  leave(): void {
    this.#following?.abort();
    const call = this.#current?.call;
    if (call && isTerminal(call.status)) this.#storage.remove(call.id);
    this.#current = undefined;
  }

  #resume(stored: StoredCall, isLasting: boolean): void {
    const { browser, target, report } = this.#options;
    const { call, token, startedHere, endedEventPending, savedAt, maskedPhone } = stored;
    const hasEnded = isTerminal(call.status);
    if (hasEnded && !endedEventPending && browser.now() - savedAt > endedShownMs) return this.#storage.remove(call.id);
    if (!report({ type: 'resumed', call, elsewhere: !startedHere, ...(maskedPhone && { maskedPhone }) })) return;
    this.#current = { key: { id: call.id, token }, call };
    // An ended call gets no newer snapshot, but its times still need the proxy's clock.
    this.#setClock(call, savedAt);
    if (isLasting) this.#storage.update(call.id, { tab: this.#tab, adopted: true });
    if (isTerminal(call.status)) fireEnded(target, call, call.status, this.#storage);
    if (call.redial) void this.#followRedial(call, call.redial);
    this.#follow(false);
  }

  #follow(isFresh: boolean): void {
    this.#following?.abort();
    const current = this.#current;
    // After the end, the agent's report may still arrive.
    if (!current || (isTerminal(current.call.status) && !current.call.outcomePending)) return;
    const { browser, client } = this.#options;
    const following = (this.#following = within(this.#active));
    const { signal } = following;
    void followCall({
      key: current.key,
      seq: current.call.seq,
      fresh: isFresh,
      client,
      browser,
      signal,
      report: (input) => !signal.aborted && this.#onProgress(input),
    }).finally(following.done);
  }

  #onProgress(input: FollowInput): void {
    const { browser, target, report } = this.#options;
    const current = this.#current;
    if (input.type === 'snapshot') {
      const isCurrent = current?.key.id === input.call.id;
      // Only the first response contains the phrase.
      const { verificationPhrase } = (isCurrent && current.call) || input.call;
      const call = { ...input.call, verificationPhrase };
      this.#setClock(call);
      if (isCurrent && call.seq >= current.call.seq) this.#current = { ...current, call };
      report({ ...input, call });
      fireProgress(target, call, this.#storage, browser.now());
      if (isCurrent && call.redial) void this.#followRedial(call, call.redial);
      return;
    }
    report(input);
    if (input.type !== 'forgotten' || !current) return;
    this.#current = undefined;
    fireEnded(target, current.call, 'unknown', this.#storage);
    this.#storage.remove(current.call.id);
  }

  #onMessage({ call, token, tab, page, since, adopted }: CallMessage): void {
    const { browser, report } = this.#options;
    const isOtherPage = page !== browser.pageId;
    const isOlder = since < this.#since;
    // This tab is a duplicate: its storage is a copy, and the call the original's.
    const isCopy = isOtherPage && isOlder && tab === this.#tab;
    if (isCopy) this.#tab = randomId();
    // This tab found a scheduled call in localStorage, and the tab that owns it is open.
    const isTakenBack = isOtherPage && this.#storage.find(call.id)?.adopted === true && (!adopted || isOlder);
    if (isCopy || isTakenBack) {
      const asObserver = { startedHere: false, endedEventPending: false, adopted: false };
      this.#storage.update(call.id, { ...asObserver, tab: this.#tab });
    }
    // The other tab has started another call after the one that ended here.
    const current = this.#current?.call;
    if (current && isTerminal(current.status) && current.id !== call.id) {
      this.leave();
      report({ type: 'reset' });
    }
    // All elements of one page are its own: none of them says that another tab requested the call, however it learned of it.
    const startedHere = this.#storage.find(call.id)?.startedHere ?? !isOtherPage;
    if (!report({ type: 'relayed', call, elsewhere: !startedHere })) return;
    if (this.#current?.key.id === call.id) return;
    this.#current = { key: { id: call.id, token }, call };
    const asObserver = { startedHere: false, endedEventPending: false };
    this.#storage.save({ call, token, tab: this.#tab, ...asObserver, savedAt: browser.now() });
    this.#follow(false);
  }

  /** The message to other tabs about this tab's call. */
  #message(): CallMessage | undefined {
    const current = this.#current;
    if (!current || isTerminal(current.call.status)) return undefined;
    const { key, call } = current;
    const adopted = this.#storage.find(call.id)?.adopted === true;
    const { pageId: page } = this.#options.browser;
    return { call, token: key.token, tab: this.#tab, page, since: this.#since, adopted };
  }

  #abandonPending(abandoned: boolean): void {
    const pending = this.#isPendingOurs ? this.#storage.pending() : undefined;
    if (pending) this.#storage.setPending({ ...pending, abandoned });
  }

  #setClock({ now }: CallSnapshot, receivedAt: number = this.#options.browser.now()): void {
    const offset = Date.parse(now) - receivedAt;
    if (Number.isFinite(offset)) this.clockOffset = offset;
  }
}

/** A masked number that only its owner recognizes: the beginning of the calling code and the last two digits, `+44 ••• 58`. */
const maskPhone = (e164: string): string => `${e164.slice(0, 3)} ••• ${e164.slice(-2)}`;
