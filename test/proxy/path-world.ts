// What the trigger path's tests build their worlds from: the whole app on a store in memory, a clock to crank, and a PolyAI
// that only counts. Requests come from an allowed page unless they say otherwise.

import { randomBytes } from 'node:crypto';
import type { CallAccepted, CallRequest, ProblemBody } from '../../src/contract.js';
import { buildApp, type BuiltApp } from '../../src/proxy/build-app.js';
import { type Breaker, createBreaker } from '../../src/proxy/breaker.js';
import { type ProxyConfig, readConfig } from '../../src/proxy/config.js';
import { createKeyring, type Keyring } from '../../src/proxy/keyring.js';
import { createLog } from '../../src/proxy/log.js';
import { createPlacing, type Placing } from '../../src/proxy/placing.js';
import type { PlaceOutcome, PolyAi } from '../../src/proxy/polyai/polyai.js';
import type { Sandbox } from '../../src/proxy/sandbox.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import type { Store } from '../../src/proxy/store/store.js';
import { type CrankedClock, crankedClock } from './store-worlds.js';

export const origin = 'https://www.example.com';
export const realEnv = {
  POLYAI_REGION: 'uk',
  POLYAI_ACCOUNT_ID: 'acme',
  POLYAI_PROJECT_ID: 'callbacks',
  POLYAI_CONNECTOR_ID: 'connector-canary-0001',
  ALLOWED_ORIGINS: origin,
  ALLOWED_COUNTRIES: 'GB,US',
  CHALLENGE: 'none',
} as const;

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly store?: (store: Store) => Store;
  readonly keys?: Keyring;
  readonly sandbox?: Sandbox;
  readonly start?: number;
  /** A database file instead of one in memory, and the clock of the world that shares it. */
  readonly file?: string;
  readonly clock?: CrankedClock;
}

export interface World extends BuiltApp {
  readonly clock: CrankedClock;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly config: ProxyConfig;
  readonly placing: Placing;
  readonly breaker: Breaker;
  /** Every number PolyAI was asked to call, with its metadata. */
  readonly triggers: { number: string; metadata?: unknown }[];
  /** Every line logged. */
  readonly lines: string[];
  /** What PolyAI answers next; the last one stays. */
  answers: (PlaceOutcome | (() => Promise<PlaceOutcome>))[];
  post(body?: unknown, over?: RequestOver): Promise<Response>;
  request(path: string, init?: RequestInit & { readonly address?: string }): Promise<Response>;
}

export interface RequestOver {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly address?: string;
  readonly key?: string;
  readonly path?: string;
}

/** Monday, 2 March 2026, 14:00 UTC: office hours in London and New York. */
export const officeHours = Date.UTC(2026, 2, 2, 15, 0, 0);

let callers = 0;

export function world(options: WorldOptions = {}): World {
  const clock = options.clock ?? crankedClock(options.start ?? officeHours);
  const config = readConfig({ ...realEnv, ...options.env });
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), clock, secrets: [realEnv.POLYAI_CONNECTOR_ID] });
  const memory = createSqliteStore({ file: options.file ?? ':memory:', clock });
  const store = options.store?.(memory) ?? memory;
  const keyring = options.keys ?? createKeyring([{ name: 'v1', secret: randomBytes(32) }]);
  const triggers: World['triggers'] = [];
  const breaker = createBreaker(clock);
  let placed = 0;
  const self: { answers: World['answers'] } = { answers: [] };
  const polyai: Pick<PolyAi, 'place'> = {
    place: async (number, { metadata }) => {
      triggers.push({ number, ...(metadata !== undefined && { metadata }) });
      placed += 1;
      const next = self.answers.length > 1 ? self.answers.shift() : self.answers[0];
      if (typeof next === 'function') return next();
      return next ?? { kind: 'accepted', upstreamId: `OUT-${String(placed)}` };
    },
  };
  const placing = createPlacing({ store, polyai, breaker, clock, log });
  const built = buildApp({
    config,
    store,
    placing,
    keyring,
    clock,
    log,
    random: randomBytes,
    fetch: () => Promise.reject(new Error('no network in tests')),
    sandbox: options.sandbox,
  });
  const request: World['request'] = async (path, { address = '203.0.113.7', ...init } = {}) =>
    built.app.request(`http://proxy.example${path}`, init, { incoming: { socket: { remoteAddress: address } } });

  return Object.assign(self, {
    ...built,
    clock,
    store,
    keyring,
    config,
    placing,
    breaker,
    triggers,
    lines,
    request,
    post: (body: unknown = callRequest(), over: RequestOver = {}) => {
      callers += 1;
      const headers: Record<string, string | undefined> = {
        'Content-Type': 'application/json',
        Origin: origin,
        'Idempotency-Key': over.key ?? newKey(),
        ...over.headers,
      };
      return request(over.path ?? '/v1/calls', {
        method: 'POST',
        headers: Object.entries(headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value] as [string, string]],
        ),
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
        // A visitor of his own, so that only the tests of addresses meet the address's allowance.
        address:
          over.address ??
          `198.${String(18 + (callers >> 16))}.${String((callers >> 8) & 255)}.${String(callers & 255)}`,
      });
    },
  });
}

export const newKey = (): string => randomBytes(16).toString('base64url');

export function callRequest(over: Partial<CallRequest> = {}): CallRequest {
  return {
    phone: '+442079460958',
    international: true,
    country: 'GB',
    consent: { text: 'Example may call me with an AI voice now.', source: 'page' },
    locale: 'en-GB',
    widgetVersion: '0.1.0',
    ...over,
  };
}

/** Numbers nobody has, one after the other. */
let fiction = 0;
export const freshNumber = (): string => {
  fiction += 1;
  // Every one in a prefix of its own, as far as there are any.
  return `+44203${String(1_000_000 + fiction * 10_007).slice(-7)}`;
};

export const problemOf = async (response: Response): Promise<ProblemBody> => (await response.json()) as ProblemBody;
export const acceptedOf = async (response: Response): Promise<CallAccepted> => {
  if (response.status !== 202)
    throw new Error(`expected 202, got ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as CallAccepted;
};
