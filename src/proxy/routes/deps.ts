// The dependencies of the trigger path: the gates, and the few methods of the store, the keyring and the placer that it may
// use.

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
import type { AgentMetadata } from '../calls/metadata.js';
import type { UrgentWork } from '../core/urgent-work.js';
import type { PlanRedial } from '../calls/redial.js';
import type { CallPlacer } from '../calls/place-call.js';
import type { RandomBytes } from '../core/random-id.js';
import type { Offers } from '../queue/offers.js';
import type { QueuePlaces } from '../queue/places.js';
import type { Store } from '../store/store.js';
import type { VerificationPhrase } from '../verification/verification-phrase.js';

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

/** Dependencies of the trigger path. */
export interface CallsDeps {
  readonly gates: Gates;
  readonly store: Pick<Store, 'recall' | 'read' | 'reserve'>;
  readonly placer: CallPlacer;
  readonly keyring: Keyring;
  readonly clock: Pick<Clock, 'now'>;
  /** Notified while a call is being placed, so that other work yields to it. */
  readonly urgent?: Pick<UrgentWork, 'begin'> | undefined;
  readonly log: Log;
  readonly random: RandomBytes;
  /** Opens a connection to PolyAI for a call that is likely to be placed soon. */
  readonly warmUp?: (() => void) | undefined;
  /** What the agent is given with a call. */
  readonly agentMetadata: AgentMetadata;
  /** Plans one more call after a miss; undefined where the operator does not allow it. */
  readonly planRedial: PlanRedial | undefined;
  /** Adds what can be offered to a refusal by a limit that visitors share. */
  readonly offers: Offers;
  /** The places in the queue. */
  readonly places: Pick<QueuePlaces, 'read'>;
  /** False where the operator has no queue. */
  readonly hasQueue: boolean;
  /** The call's two words; undefined where they are off. */
  readonly verificationPhrase: VerificationPhrase | undefined;
  /** True where an endpoint receives numbers: then they are kept encrypted with their calls. */
  readonly sealsNumbers: boolean;
  /** Whether a page's campaign and click IDs are stored with the call. */
  readonly keepsAttribution: boolean;
  /** The country in a CDN's header, where one is configured. */
  readonly hintOf: (headers: Headers) => { readonly countryHint?: string };
}
