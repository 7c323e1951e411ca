// Assembles the app from a configuration and the parts that touch the outside world. main.ts creates the real parts, tests
// create their own; nothing here opens anything.

import type { Hono } from 'hono';
import type { ProblemCode } from '../contract.js';
import type { HolderView } from './calls/snapshot.js';
import { createAddressReader } from './http/client-address.js';
import type { AppContext, AppEnv, Handler, PeerAddressReader } from './http/context.js';
import { createApp } from './app.js';
import type { Assets } from './static/assets.js';
import type { Gates } from './routes/deps.js';
import { createOriginCheck } from './configurator/origin-check.js';
import { createChallengeIssuer } from './routes/challenge.js';
import { type Altcha, createAltcha } from './challenge/altcha.js';
import { createTurnstile } from './challenge/turnstile.js';
import type { Clock } from './core/clock.js';
import type { ProxyConfig } from './config/config.js';
import { createAllowanceGate } from './gates/rate-limit.js';
import { type ChallengeGate, createChallengeGate } from './gates/challenge.js';
import { createConsentGate } from './gates/consent.js';
import { createHoursGate } from './gates/hours.js';
import { createNumberGate } from './gates/number.js';
import { createOriginGate } from './gates/origin.js';
import { createRefusedOriginLog } from './gates/refused-origins.js';
import { createVisitorGate, type VisitorGateDeps } from './gates/visitor.js';
import { createHealth, type Health } from './routes/health.js';
import { createHours, type Hours } from './hours/hours.js';
import type { Keyring } from './secrets/keyring.js';
import { ruleOf } from './gates/limits.js';
import type { Log } from './core/log.js';
import { createThrottledLog } from './core/throttled-log.js';
import type { UrgentWork } from './core/urgent-work.js';
import { createWebhookReader } from './http/webhook-request.js';
import { createOpenApi } from './openapi/open-api-route.js';
import { callIdMetadata } from './outcomes/call-id-metadata.js';
import { createOutcomes } from './outcomes/outcomes-webhook.js';
import { outcomeWaitMs } from './outcomes/stored-outcome.js';
import { createOneCall, type OneCall } from './routes/call.js';
import { createAgentMetadata } from './calls/metadata.js';
import { createPhoneMetadata } from './static/phone-metadata.js';
import { createTimeToRing } from './calls/time-to-ring.js';
import { createRedial, type PlanRedial } from './calls/redial.js';
import type { CallPlacer } from './calls/place-call.js';
import type { CredentialMonitor } from './calls/credential-monitor.js';
import type { RandomBytes } from './core/random-id.js';
import { createSite } from './routes/site.js';
import { createOptOut } from './opt-out/opt-out-route.js';
import { createOffers } from './queue/offers.js';
import { createQueuePlaces, type QueuePlaces } from './queue/places.js';
import type { Rule, Store } from './store/store.js';
import { limitingOneNumber, type Sandbox } from './sandbox/sandbox.js';
import { createBookings } from './gates/bookings.js';
import { createVerificationPhrase, phraseMetadata } from './verification/verification-phrase.js';

/** The parts that touch the outside world. */
export interface AppParts {
  /** With its origins and countries filled in. */
  readonly config: ProxyConfig;
  readonly store: Store;
  readonly placer: CallPlacer;
  readonly credential: Pick<CredentialMonitor, 'isRefused'>;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** The machine's clock, where `clock` can be set: signatures are dated by it. */
  readonly machineClock?: Pick<Clock, 'now'> | undefined;
  readonly log: Log;
  readonly random: RandomBytes;
  /** Calls that are being placed. */
  readonly urgent?: Pick<UrgentWork, 'begin'> | undefined;
  /** Opens a connection to PolyAI for a call that is likely to be placed soon. */
  readonly warmUp?: (() => void) | undefined;
  /** For Turnstile only; PolyAI has its own connections. */
  readonly fetch: typeof fetch;
  /** Creates the stream's handler. */
  readonly events?: (oneCall: OneCall) => Handler;
  /** What snapshots show of agents' reports, where the operator takes them. */
  readonly view?: HolderView | undefined;
  /** The places in the queue; by default its own. */
  readonly places?: QueuePlaces | undefined;
  readonly assets?: Assets;
  /** Counts refusals, if metrics are on. */
  readonly onRefused?: ((code: ProblemCode) => void) | undefined;
  /** By default the address of the socket of Node's server. */
  readonly peerAddress?: PeerAddressReader | undefined;
  /** Only without a credential. */
  readonly sandbox?: Sandbox | undefined;
}

/** The assembled app. */
export interface BuiltApp {
  readonly app: Hono<AppEnv>;
  readonly health: Health;
  readonly gates: Gates;
  readonly hours: Hours;
  readonly places: QueuePlaces;
  /** Plans second attempts, where the operator allows them. */
  readonly planRedial: PlanRedial | undefined;
}

/** Assembles the app. */
export function buildApp(parts: AppParts): BuiltApp {
  const { config, store, keyring, clock, sandbox } = parts;
  // Throttles everything a request can make the routes and gates log.
  const log = createThrottledLog(parts.log, clock, config.instances);
  const limits = config.limits.values;
  const keysOf = (text: string): readonly string[] => keyring.numberKeys(text);
  const hours = sandbox?.clock?.hours ?? createHours(config.hours);
  const altcha = config.challenge.kind === 'altcha' ? altchaOf(parts) : undefined;
  const bookings = createBookings({ limits, expectedCallMinutes: config.expectedCallMinutes, store, keysOf });
  const homeCountry = config.homeCountry ?? '';
  // Where no call may be placed at all, nobody waits for one.
  const queueLength = limits.siteInFlight < 1 || limits.allInFlight < 1 ? 0 : config.queueLength;
  const allowance = createAllowanceGate({ limits, homeCountry, keysOf, bookings, queueLength });
  const places = parts.places ?? createQueuePlaces({ store, clock, limits, homeCountry });
  const attempts = {
    clock,
    perAddress: ruleOf(limits, 'attemptsPer10Minutes'),
    perNetworkPrefix: ruleOf(limits, 'networkAttemptsPer10Minutes'),
  };
  const gates: Gates = {
    origin: createOriginGate(config.origins, createRefusedOriginLog(config.origins, log, clock, config.instances)),
    visitor: createVisitorGate(attempts),
    number: createNumberGate(config),
    consent: createConsentGate(config.site.consentText),
    hours: createHoursGate(hours, bookings),
    challenge: challengeGateOf({ ...parts, log }, altcha),
    allowance: sandbox ? limitingOneNumber(allowance, sandbox.limitedNumber) : allowance,
  };
  const phraseOf = config.verificationPhrase ? createVerificationPhrase(keyring) : undefined;
  const phoneMetadata = createPhoneMetadata(config.countries);
  const hintOf = hintReader(config.countryHeader);
  const health = createHealth({ store, credential: parts.credential, clock });
  const view = { ...(parts.view ?? { tokenOf: keyring.token }), queue: places };
  const oneCall = createOneCall({ origin: gates.origin, store, keyring, clock, log, view });
  const { webhookSecrets, outcomes } = config;
  const planRedial =
    config.redialAfterMinutes === undefined
      ? undefined
      : createRedial({
          afterMinutes: config.redialAfterMinutes,
          reportWaitMs: outcomes && outcomeWaitMs,
          keyring,
          hours,
          random: parts.random,
        });
  const app = createApp({
    ...parts,
    log,
    gates,
    hours,
    bookings,
    oneCall,
    health,
    phoneMetadata,
    hintOf,
    offers: createOffers({
      store,
      allowance,
      bookings,
      hours,
      places,
      clock,
      visitor: createVisitorGate(fewOf(attempts)),
      queueLength,
    }),
    places,
    hasQueue: queueLength > 0,
    agentMetadata: createAgentMetadata(config.metadataKeys, [
      ...(outcomes ? [callIdMetadata] : []),
      ...(phraseOf ? [phraseMetadata(phraseOf)] : []),
    ]),
    verificationPhrase: phraseOf,
    sealsNumbers: config.webhooks.some(({ number }) => number),
    planRedial,
    keepsAttribution: config.keepsAttribution,
    readAddress: createAddressReader(config.trustedProxies, log),
    site: createSite({
      config,
      hours,
      clock,
      hintOf,
      phoneMetadata: phoneMetadata.path,
      credential: parts.credential,
      timeToRing: createTimeToRing({ store, clock }),
      testNumbers: sandbox?.testNumbers,
    }),
    openApi: createOpenApi(),
    readSuppression:
      webhookSecrets.length === 0
        ? undefined
        : createWebhookReader({ secrets: webhookSecrets }, clock, parts.machineClock),
    outcomes:
      outcomes &&
      createOutcomes({
        readWebhook: createWebhookReader(outcomes, clock, parts.machineClock),
        linkHosts: outcomes.linkHosts,
        store,
        keyring,
        log,
      }),
    optOut: config.optOutPage
      ? createOptOut({
          ...parts,
          log,
          altcha: config.challenge.kind === 'none' ? undefined : (altcha ?? altchaOf(parts)),
          visitor: createVisitorGate(attempts),
        })
      : undefined,
    originCheck: config.configurator ? createOriginCheck(config.origins) : undefined,
    sandboxClock: sandbox?.clock,
    events: parts.events?.(oneCall),
    challengeIssuer:
      altcha && createChallengeIssuer({ altcha, origin: gates.origin, visitor: createVisitorGate(attempts) }),
  });
  return { app, health, gates, hours, places, planRedial };
}

/** A quarter of the attempts: nobody needs an offer for each. */
const fewOf = ({ clock, perAddress, perNetworkPrefix }: VisitorGateDeps): VisitorGateDeps => {
  const quarter = (rule: Rule): Rule => ({ ...rule, limit: Math.ceil(rule.limit / 4) });
  return { clock, perAddress: quarter(perAddress), perNetworkPrefix: quarter(perNetworkPrefix) };
};

function altchaOf({ config, keyring, clock, random }: AppParts): Altcha {
  // The token of a call ID that cannot exist: 256 bits derived from the keyring's secret, used only here.
  const secret = Buffer.from(keyring.token('challenge secret'), 'base64url');
  return createAltcha({ secret, clock, random: (size) => random(size), instances: config.instances });
}

function challengeGateOf({ config, clock, log, fetch }: AppParts, altcha: Altcha | undefined): ChallengeGate {
  const { challenge, origins } = config;
  const hostnames = origins.map((origin) => new URL(origin).hostname);
  return createChallengeGate({
    kind: challenge.kind,
    ...(altcha !== undefined && { altcha }),
    ...(challenge.kind === 'turnstile' && {
      turnstile: createTurnstile({ ...challenge, hostnames, fetch, clock }),
    }),
    onRefused: (because, why, error) => log.warn('challenge-refused', { because, why, error: nameOf(error) }),
  });
}

const nameOf = (error: unknown): string | undefined => (error instanceof Error ? error.name : undefined);

/** Reads the country that a CDN reports for the address; "XX" and "T1" are Cloudflare's codes for unknown and Tor. */
function hintReader(
  header: string | undefined,
): (headers: AppContext['req']['raw']['headers']) => { countryHint?: string } {
  if (header === undefined) return () => ({});
  return (headers) => {
    const hint = headers.get(header)?.toUpperCase() ?? '';
    return /^[A-Z]{2}$/.test(hint) && hint !== 'XX' ? { countryHint: hint } : {};
  };
}
