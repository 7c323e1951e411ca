// Delivers what the outbox holds, at least once: leases what is due, sends it, records the result. Any number of instances share one outbox;
// one that is killed loses nothing, because its leases expire.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Delivery, DeliveryResult, Outbox } from '../store/outbox.js';
import type { WebhookEndpoint } from './endpoint.js';
import { bodyOf, type MessageDeps } from './message.js';
import { afterFailure } from './retry-delay.js';
import { attemptMs, type SendMessage } from './send-message.js';

/** What deliveries need. */
export interface DeliveriesDeps extends MessageDeps {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly store: Pick<Outbox, 'claimDeliveries' | 'recordDelivery' | 'nextDeliveryAt'>;
  readonly send: SendMessage;
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Deliveries that run until they are stopped. */
export interface Deliveries {
  start(): void;
  /** Leases nothing more and waits a moment for attempts in progress. One that takes longer is made again later, by whoever runs then. */
  stop(): Promise<void>;
}

/** Attempts at a time. */
const mostAtOnce = 8;
/** Longer than an attempt can take, milliseconds. */
const leaseMs = attemptMs + 45_000;
/** How often the outbox is checked while nothing is due, milliseconds: other processes write to it too. */
const idleMs = 1_000;
/** How long a shutdown waits for attempts in progress, milliseconds. */
const stopMs = 3_000;
/** Pause after the store failed, milliseconds. */
const faultPauseMs = 5_000;

/** Creates deliveries. */
export function createDeliveries(deps: DeliveriesDeps): Deliveries {
  const { store, send, clock, log, random } = deps;
  const endpoints = new Map(deps.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const running = new Set<Promise<void>>();
  let stopped = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      clock.after(ms, resolve, signal);
    });

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const waitMs = await turn();
        if (!signal.aborted) await sleep(waitMs, signal);
      } catch (error) {
        log.error('webhook-outbox-fault', {}, error);
        await sleep(faultPauseMs, signal);
      }
    }
  }

  /** Starts what is due; returns how long to wait. */
  async function turn(): Promise<number> {
    const next = await store.nextDeliveryAt();
    if (next === undefined || next > clock.now()) return idleMs;
    const room = mostAtOnce - running.size;
    if (room > 0) for (const delivery of await store.claimDeliveries(room, leaseMs)) begin(delivery);
    if (running.size === 0) return idleMs;
    await Promise.race(running);
    return 0;
  }

  function begin(delivery: Delivery): void {
    const work = deliver(delivery)
      .catch((error: unknown) => {
        // After a shutdown the store may be closed: the lease expires.
        if (!stopped.signal.aborted) log.error('webhook-outbox-fault', { endpoint: delivery.endpoint }, error);
      })
      .finally(() => running.delete(work));
    running.add(work);
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const result = await attempt(delivery);
    await store.recordDelivery(delivery, result);
    const { endpoint, event, id, attempts } = delivery;
    const fields = { endpoint, webhook: event, messageId: id, attempts: attempts + 1 };
    if (result.kind === 'delivered') log.info('webhook-delivered', fields);
    else log.warn(result.kind === 'dead' ? 'webhook-dead' : 'webhook-failed', { ...fields, reason: result.error });
  }

  async function attempt(delivery: Delivery): Promise<DeliveryResult> {
    const endpoint = endpoints.get(delivery.endpoint);
    if (endpoint === undefined) return { kind: 'dead', error: 'endpoint-removed' };
    const sent = await send(endpoint, { id: delivery.id, body: bodyOf(endpoint, delivery, deps) });
    switch (sent.kind) {
      case 'accepted':
        return { kind: 'delivered' };
      case 'gone':
        return { kind: 'dead', error: 'http-410' };
      case 'failed':
        return afterFailure(delivery, sent.error, clock.now(), random, sent.retryAfterSeconds);
    }
  }

  return {
    start: () => {
      stopped = new AbortController();
      loop = run(stopped.signal);
    },
    stop: async () => {
      stopped.abort();
      await loop;
      const late = new AbortController();
      const tooLate = new Promise<void>((resolve) => clock.after(stopMs, resolve, late.signal));
      await Promise.race([Promise.allSettled(running), tooLate]);
      late.abort();
    },
  };
}
