// What the trigger path is made of: gates, and the few verbs of store, keyring and placing it may use.

import type { Clock } from '../core/clock.js';
import type { AllowanceGate } from '../gates/rate-limit.js';
import type { ChallengeGate } from '../gates/challenge.js';
import type { ConsentGate } from '../gates/consent.js';
import type { HoursGate } from '../gates/hours.js';
import type { NumberGate } from '../gates/number.js';
import type { OriginGate } from '../gates/origin.js';
import type { VisitorGate } from '../gates/visitor.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Log } from '../core/log.js';
import type { CallPlacer } from '../calls/place-call.js';
import type { RandomBytes } from '../core/random-id.js';
import type { Store } from '../store/store.js';

/** Every gate of the path, in its order. */
export interface Gates {
  readonly origin: OriginGate;
  readonly visitor: VisitorGate;
  readonly number: NumberGate;
  readonly consent: ConsentGate;
  readonly hours: HoursGate;
  readonly challenge: ChallengeGate;
  readonly allowance: AllowanceGate;
}

/** What the trigger path needs. */
export interface CallsDeps {
  readonly gates: Gates;
  readonly store: Pick<Store, 'recall' | 'read' | 'reserve'>;
  readonly placer: CallPlacer;
  readonly keyring: Keyring;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly random: RandomBytes;
  /** Keys of `metadata` that are passed on. */
  readonly metadataKeys: readonly string[];
  /** The country a CDN's header names, where one is configured. */
  readonly hintOf: (headers: Headers) => { readonly countryHint?: string };
}
