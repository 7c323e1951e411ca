// One visitor's call, from the press to its end: the only place that feeds the machine (call-machine.ts). submit-call.ts submits
// a call, call-session.ts stores and follows it, call-controller.ts decides whether calls can be requested at all.

import type { CallAccepted, CallRequest, Site } from '../../contract.js';
import { noAnswer } from '../api/fetch-json.js';
import { createProxyClient, type ProxyClient } from '../api/proxy-client.js';
import type { CallIntent, Result } from '../api/result.js';
import { loadChallenge } from '../challenge/lazy-challenge.js';
import { type Browser, within } from '../internal/browser.js';
import type { ElementHost } from '../internal/element-host.js';
import { fire } from '../internal/events.js';
import { fireRefused } from './call-events.js';
import { next } from './call-machine.js';
import type { CallControllerOptions, SolveChallenge } from './call-options.js';
import { CallSession } from './call-session.js';
import { type CallInput, type CallPhase, initialState } from './call-state.js';
import { outcomeOf, type SubmissionOutcome, submitCall } from './submit-call.js';

/** Dependencies of a flow. */
export interface CallFlowOptions {
  readonly endpoint: string;
  readonly browser: Browser;
  readonly host: ElementHost;
  readonly page: Pick<CallControllerOptions, 'context' | 'solve' | 'loadChallenge'>;
  /** Called when a chunk that a press needs cannot be loaded. */
  readonly fail: () => void;
  /** The proxy's public settings; `isForced` bypasses the cache. Undefined when they are unavailable. */
  readonly getSite: (isForced: boolean) => Promise<Site | undefined>;
}

/** One visitor's call at one proxy. Suspended until `activate`, and again after its signal aborts. */
export class CallFlow {
  /** The phase of the call. Every change requests an update of the host. */
  phase: CallPhase = initialState;
  readonly #client: ProxyClient;
  readonly #options: CallFlowOptions;
  readonly #session: CallSession;
  #active: AbortSignal = AbortSignal.abort();
  /** The submission that has no outcome yet. A new one replaces it. */
  #submission: AbortController | undefined;

  constructor(options: CallFlowOptions) {
    const { endpoint, browser, host } = options;
    this.#options = options;
    this.#client = createProxyClient(endpoint, browser);
    const report = (input: CallInput): boolean => this.#send(input);
    this.#session = new CallSession({ endpoint, browser, client: this.#client, target: host, report });
  }

  /** The proxy's clock minus the page's, milliseconds. */
  get clockOffset(): number {
    return this.#session.clockOffset;
  }

  /** The number to call, while this page knows it. */
  get intent(): CallIntent | undefined {
    return 'intent' in this.phase ? this.phase.intent : undefined;
  }

  /** Resumes the call in progress, or resends a request whose response the previous page did not get. */
  activate(signal: AbortSignal): void {
    if (this.#active === signal || signal.aborted) return;
    this.#active = signal;
    // A request that was sent is resent on return; one that was not is canceled.
    signal.addEventListener('abort', () => this.phase.phase === 'checking' && this.#send({ type: 'cancel' }));
    this.#session.activate(signal);
    void this.#resubmit();
  }

  /**
   * Handles one press: the machine decides whether it counts, and for a new call (`isNew`) the page whether it may proceed.
   * Resolves when the phase is settled.
   */
  async press(input: CallInput, isNew = true, forSlots = false): Promise<void> {
    const { browser, host, page, getSite } = this.#options;
    const after = next(this.phase, input);
    if (after === this.phase || after.phase !== 'checking') return;
    const { intent } = after;
    const { country, scheduleAt } = intent;
    const detail = { country, ...(scheduleAt !== undefined && { scheduleAt }) };
    // A listener may have requested a call itself: then this press is the second one.
    if (isNew && !fire(host, 'polyai-callback-before-call', detail)) return;
    if (!this.#send(input)) return;
    this.#session.leave();
    const signal = this.#beginSubmission();
    const site = await getSite(false);
    if (signal.aborted) return;
    if (!site) return this.#settle({ kind: 'refused', problem: { code: noAnswer(browser) } }, intent);
    const onSend = (request: CallRequest, key: string): boolean => {
      this.#send({ type: 'challenge-solved' });
      // Another tab was faster: there is one call per visitor.
      if (this.phase.phase !== 'submitting') return false;
      this.#session.keepPending(request, key);
      return true;
    };
    const submission = { ...page, intent, forSlots, site, client: this.#client, solve: this.#solve, host, onSend };
    await this.#settle(await submitCall(submission, signal), intent);
  }

  /** Answers a challenge. Without its chunk no press would ever count: that is not the visitor's failure. */
  readonly #solve: SolveChallenge = async (...task) => {
    const { page, fail } = this.#options;
    if (page.solve) return page.solve(...task);
    const chunk = await (page.loadChallenge ?? loadChallenge)().catch(() => undefined);
    if (chunk) return chunk.solveChallenge(...task);
    this.cancel();
    fail();
    throw new Error('the challenge chunk could not be loaded');
  };

  /** The visitor confirms the country. The page has already allowed this call. */
  confirmCountry(): Promise<void> {
    return this.press({ type: 'country-confirmed' }, false);
  }

  /** Requests another call to the number of the last one. False when it is no longer known (the form is shown then). */
  async again(): Promise<boolean> {
    const { intent } = this;
    if (!intent) this.end('reset');
    else await this.press({ type: 'choose', choice: {} });
    return intent !== undefined;
  }

  /**
   * Lets the visitor choose from the times that a refusal came with, or fetches when the number may be called; a second attempt that
   * waits is canceled first.
   */
  async offerSlots(intent: CallIntent | undefined = this.intent): Promise<void> {
    const { phase } = this;
    const slots = phase.phase === 'refused' ? phase.problem.slots : undefined;
    if (slots?.[0]) return void this.#send({ type: 'offer-slots', slots, because: 'preferred' });
    if (phase.phase === 'following' && !(await this.cancelCall())) return;
    if (intent) await this.press({ type: 'submit', intent }, false, true);
  }

  /** Returns to the form from checking, the country question, the times or a refusal. A request in flight cannot be canceled. */
  cancel(): void {
    if (this.#send({ type: 'cancel' })) this.#submission?.abort();
  }

  /** Cancels a scheduled callback. False when it has been placed already or the proxy could not be reached. */
  cancelCall(): Promise<boolean> {
    return this.#session.change('cancelCall');
  }

  /** Places a second attempt that waits now. */
  redialNow(): Promise<boolean> {
    return this.#session.change('redialNow');
  }

  /**
   * Returns to an empty form: `reset` leaves a call in progress alone; `leave` hides one that is scheduled or stuck, which
   * continues and is found again on the next visit.
   */
  end(type: 'reset' | 'leave'): void {
    if (!this.#send({ type })) return;
    this.#submission?.abort();
    this.#session.leave();
  }

  async #settle(outcome: SubmissionOutcome, intent: CallIntent): Promise<void> {
    switch (outcome.kind) {
      case 'superseded':
        return;
      case 'slots':
        this.#send({ type: 'offer-slots', slots: outcome.slots, because: outcome.because });
        return;
      case 'accepted':
        this.#session.accept(outcome.call, intent);
        return;
      case 'refused': {
        const { problem } = outcome;
        this.#session.clearPending();
        // The new text must be on the page before the visitor is asked to agree again.
        if (problem.code === 'consent-outdated') await this.#options.getSite(true);
        this.#send({ type: 'refused', problem });
        fireRefused(this.#options.host, problem);
      }
    }
  }

  /** Resends a request; the same key gets the same response. */
  async #resubmit(): Promise<void> {
    const pending = this.#session.takePending();
    if (!pending) {
      // Another element resent it, or it is too old.
      if (this.phase.phase === 'submitting') this.#send({ type: 'forgotten' });
      return;
    }
    const { phone, country, international, countryConfirmed } = pending.request;
    // Without what was chosen instead of a call now: that is in the request alone.
    const intent: CallIntent = { phone, country, international, ...(countryConfirmed && { countryConfirmed }) };
    this.#send({ type: 'resubmit', intent });
    const signal = this.#beginSubmission();
    const result: Result<CallAccepted> = await this.#client.createCall(pending.request, pending.idempotencyKey, signal);
    await this.#settle(outcomeOf(result, signal), intent);
  }

  #beginSubmission(): AbortSignal {
    this.#submission?.abort();
    this.#submission = within(this.#active);
    return this.#submission.signal;
  }

  /** Feeds the machine; false when nothing changed. */
  #send(input: CallInput): boolean {
    const phase = next(this.phase, input);
    if (phase === this.phase) return false;
    this.phase = phase;
    this.#options.host.requestUpdate();
    return true;
  }
}
