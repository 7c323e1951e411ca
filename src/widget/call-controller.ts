// Owns the visitor's current call: submit, follow, resume, one call across tabs. What a phase looks like is the views' work.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallRequest, ChallengeAnswer, ChallengeKind, Site } from '../contract.js';
import type { Ask, CallState } from './call-state.js';
import type { PhoneReading } from './phone-reading.js';

/** What the page says about a call beside the number. */
export interface CallContext extends Pick<CallRequest, 'locale' | 'attribution' | 'metadata'> {
  /** As shown. The version is computed here where it is left out and the page can hash. */
  readonly consent: CallRequest['consent'];
}

/** A challenge to be solved: what `GET /v1/site` said of it, and what `GET /v1/challenge` answered (`altcha` only). */
export interface Challenge {
  readonly kind: ChallengeKind;
  readonly siteKey?: string;
  readonly puzzle?: unknown;
}

/** Solves a challenge; rejects when it cannot or when `signal` aborts. */
export type SolveChallenge = (challenge: Challenge, signal: AbortSignal) => Promise<ChallengeAnswer>;

/** What a controller needs from its element. Functions are asked at each use, because attributes are reactive. */
export interface CallControllerOptions {
  /** The proxy's origin or base URL. */
  readonly endpoint: () => string | undefined;
  readonly context: () => CallContext;
  /** Narrows the countries the proxy allows, ISO 3166-1 alpha-2 in capitals; absent or empty: all of them. */
  readonly countries?: () => readonly string[];
  readonly widgetVersion: string;
  /** Default: `solveChallenge` of challenge.ts, loaded when first needed. */
  readonly solve?: SolveChallenge;
}

/** The element a controller belongs to. */
export type CallHost = ReactiveControllerHost & HTMLElement;

/** The visitor's current call as a Lit controller: the host renders `state` and passes the visitor's wishes on. */
export class CallController implements ReactiveController {
  readonly #host: CallHost;
  /** The phase the visitor is in. Every change asks the host for an update. */
  state: CallState = { phase: 'form' };
  /** What the proxy said of itself; undefined until `start()` has fetched it. */
  site: Site | undefined;
  /** The proxy's clock minus the page's, milliseconds: add it to `Date.now()` to get true time. */
  clockOffset = 0;

  constructor(host: CallHost, _options: CallControllerOptions) {
    this.#host = host;
    this.#host.addController(this);
  }

  /** Countries that can be chosen: the proxy's, narrowed by the page's. Empty until the site is known. */
  get countries(): readonly string[] {
    return [];
  }

  /** Fetches the site once (shared by every element of one endpoint). Call it when the element is near the viewport or touched. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  hostConnected(): void {}

  hostDisconnected(): void {}

  /** Loads the phone code and metadata, once. Call it on first focus. Resolves also when they cannot be had. */
  loadPhone(): Promise<void> {
    return Promise.resolve();
  }

  /** Reads what is typed; undefined while the phone code is not there. For the read-back line. */
  checkPhone(_text: string, _country: string | undefined): PhoneReading | undefined {
    return undefined;
  }

  /** Reads what is typed, waiting for the phone code; for submitting. */
  readPhone(_text: string, _country: string | undefined): Promise<PhoneReading> {
    return Promise.resolve({ ok: false, reason: 'required' });
  }

  /** The one number that pasted loose text holds, as it should stand in the field; undefined when there is none or several. */
  extractPhone(_text: string, _country: string | undefined): string | undefined {
    return undefined;
  }

  /** Asks for a call. While one is being asked for or followed, nothing happens. Resolves when the phase is settled. */
  submit(_ask: Ask): Promise<void> {
    return Promise.resolve();
  }

  /** Back to the form: from checking, the country question, the slots or a refusal. A request under way cannot be cancelled. */
  cancel(): void {}

  /** "Yes, it is a number in that country". */
  confirmCountry(): Promise<void> {
    return Promise.resolve();
  }

  /** Asks when the number may be called and lets the visitor choose. Without `ask`: the number of the current phase. */
  offerSlots(_ask?: Ask): Promise<void> {
    return Promise.resolve();
  }

  /** Takes an offered slot, by its `at`. */
  chooseSlot(_at: string): Promise<void> {
    return Promise.resolve();
  }

  /** Takes a scheduled callback back. False when the proxy would not (it has been placed) or could not be reached. */
  takeBack(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Asks again for the number of the last call. False when it is not known any more (the form is shown then). */
  again(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Back to an empty form. Does not touch a call that is ringing or being talked on. */
  reset(): void {}
}
