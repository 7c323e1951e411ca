// One press of the visitor, from the click to the proxy's answer: solves the challenge, builds the request, sends it under one
// idempotency key, asks for slots. It feeds the machine; who may press, and when, is call-controller.ts's.

import type { CallIntent, Problem, Result } from '../api/result.js';
import type { CallAccepted, ChallengeAnswer, Site } from '../../contract.js';
import { announceRefused } from './call-events.js';
import type { CallLine } from './call-session.js';
import type { CallControllerOptions } from './call-options.js';
import { browserZone, callRequest } from '../api/call-request.js';
import type { CallInput, CallState } from './call-state.js';
import type { ChallengeTask } from '../chunks/challenge.js';
import { newIdempotencyKey } from '../api/proxy-client.js';
import { within } from '../internal/browser.js';

/** Solves a challenge; rejects when it cannot or when `signal` aborts. `host`: where Turnstile is shown. */
export type SolveChallenge = (task: ChallengeTask, signal: AbortSignal, host: HTMLElement) => Promise<ChallengeAnswer>;

/** What a press needs of its controller. */
export interface AskerOwner {
  readonly host: HTMLElement;
  readonly options: Pick<CallControllerOptions, 'context' | 'widgetVersion'>;
  readonly solve: SolveChallenge;
  state(): CallState;
  /** Aborts when the element goes. */
  awake(): AbortSignal;
  /** What the proxy said of itself, `anew`: just now. Undefined when it cannot be had. */
  getSite(anew: boolean): Promise<Site | undefined>;
  /** Feeds the machine; false when nothing changed. */
  send(input: CallInput): boolean;
}

/** The visitor's press that is not answered yet. A new one replaces it. */
export class CallAsker {
  readonly #owner: AskerOwner;
  readonly #line: CallLine;
  #press: AbortController | undefined;
  /** Sends what is out once more, under the same idempotency key. */
  #resend: (() => Promise<void>) | undefined;

  constructor(owner: AskerOwner, line: CallLine) {
    this.#owner = owner;
    this.#line = line;
  }

  abort(): void {
    this.#press?.abort();
  }

  /** An element that was taken out while its request was on the way is back: the same key gives the same answer. */
  async resume(): Promise<void> {
    await this.#resend?.();
  }

  /** Asks for the call of the phase `checking`, or when it could be placed. Resolves when the phase is settled. */
  async ask(forSlots: boolean): Promise<void> {
    const state = this.#owner.state();
    if (state.phase !== 'checking') return;
    const { intent } = state;
    const signal = this.#begin();
    const site = await this.#owner.getSite(false);
    if (signal.aborted) return;
    if (!site) return this.#refuse({ code: 'unreachable' });
    if (forSlots || (!site.opening.open && intent.scheduleAt === undefined)) return this.#offer(intent, site, signal);
    // A solution may be too old or spent by the time it arrives: that is our business, not the visitor's. Once.
    for (let isSecond = false; ; isSecond = true) {
      const challenge = await this.#solve(site, signal);
      if (signal.aborted) return;
      if (!challenge.ok) return this.#refuse(challenge.problem);
      // The page is asked at the last moment: what it shows is what is sent.
      const { context, widgetVersion } = this.#owner.options;
      const request = await callRequest(intent, context(), widgetVersion, challenge.value);
      if (signal.aborted) return;
      this.#owner.send({ type: 'challenge-solved' });
      // Another tab was quicker: there is one call per visitor.
      if (this.#owner.state().phase !== 'asking') return;
      const key = newIdempotencyKey();
      const send = (during: AbortSignal): Promise<Result<CallAccepted>> =>
        this.#line.client.createCall(request, key, during);
      this.#resend = async () => {
        const again = this.#begin();
        // It may be taken out and put back once more.
        this.#resend = resend;
        await this.#settle(intent, await send(again), again);
      };
      const resend = this.#resend;
      const answer = await send(signal);
      if (!answer.ok && answer.problem.code === 'challenge-failed' && !isSecond) continue;
      return this.#settle(intent, answer, signal);
    }
  }

  async #offer({ phone }: CallIntent, site: Site, signal: AbortSignal): Promise<void> {
    const timeZone = browserZone();
    const answer = await this.#line.client.slots({ phone, ...(timeZone && { timeZone }) }, signal);
    if (signal.aborted) return;
    if (!answer.ok) return this.#refuse(answer.problem);
    const { openNow, slots } = answer.value;
    const because = site.opening.open ? (openNow ? 'preferred' : 'outside-hours') : 'closed';
    this.#owner.send({ type: 'offer-slots', slots, because });
  }

  /** Replaces the press before. */
  #begin(): AbortSignal {
    this.#press?.abort();
    this.#resend = undefined;
    this.#press = within(this.#owner.awake());
    return this.#press.signal;
  }

  async #settle(intent: CallIntent, answer: Result<CallAccepted>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#resend = undefined;
    if (answer.ok) return this.#line.accept(answer.value, intent);
    // The new text must be on the page when its sentence asks for a new tick.
    if (answer.problem.code === 'consent-outdated') await this.#owner.getSite(true);
    if (!signal.aborted) this.#refuse(answer.problem);
  }

  #refuse(problem: Problem): void {
    this.#owner.send({ type: 'refused', problem });
    announceRefused(this.#owner.host, problem);
  }

  async #solve({ challenge }: Site, signal: AbortSignal): Promise<Result<ChallengeAnswer | undefined>> {
    const { kind, siteKey } = challenge;
    if (kind === 'none') return { ok: true, value: undefined };
    let puzzle: unknown;
    if (kind === 'altcha') {
      const fetched = await this.#line.client.challenge(signal);
      if (!fetched.ok) return fetched;
      puzzle = fetched.value;
    }
    try {
      const task = { kind, puzzle, ...(siteKey !== undefined && { siteKey }) };
      return { ok: true, value: await this.#owner.solve(task, signal, this.#owner.host) };
    } catch {
      return { ok: false, problem: { code: 'challenge-failed' } };
    }
  }
}
