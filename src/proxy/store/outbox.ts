// Events that leave the proxy, as the store keeps them: written in the transaction of the change that they report, so that none is lost and
// none is invented. Who receives them, and how, is decided in webhooks/.

import type { StoredCall } from './store.js';

/** Every event, the closed list. */
export const webhookEvents = [
  'call.requested',
  'call.scheduled',
  'call.ended',
  'call.missed',
  'call.outcome',
  'number.suppressed',
] as const;
/** One of {@link webhookEvents}. */
export type WebhookEvent = (typeof webhookEvents)[number];

/** Who wants which events. The store writes nothing where nobody does. */
export interface Subscription {
  /** Name of the endpoint. */
  readonly name: string;
  readonly events: readonly WebhookEvent[];
}

/** A leased message. Its lease expires if the result is not recorded. */
export interface Delivery {
  readonly endpoint: string;
  /** The same for every attempt and every endpoint: receivers recognize repetitions by it. */
  readonly id: string;
  readonly event: WebhookEvent;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** Facts without a number and without texts. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The called number, encrypted, where it is stored. */
  readonly sealedNumber?: string;
  /** The call's report with its texts encrypted, of `call.outcome`. */
  readonly outcome?: NonNullable<StoredCall['outcome']>;
  /** Attempts that failed. */
  readonly attempts: number;
  /** No further attempt is made after this time. */
  readonly retryUntil: number;
  readonly lease: string;
}

/** How an attempt ended. `error`: one of our own short words. */
export type DeliveryResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly error: string; readonly dueAt: number }
  /** Kept for the operator, who can have it sent again. */
  | { readonly kind: 'dead'; readonly error: string };

/** A message that could not be delivered. */
export interface DeadLetter extends Pick<Delivery, 'endpoint' | 'id' | 'event' | 'at' | 'attempts'> {
  readonly callId?: string;
  readonly error: string;
  readonly deadAt: number;
}

/** Which dead letters. */
export interface DeadLetterFilter {
  readonly endpoint?: string;
  readonly id?: string;
}

/** The part of a store that deliveries use. */
export interface Outbox {
  /** Leases at most `limit` messages that are due, for `leaseMs`, the longest waiting first. */
  claimDeliveries(limit: number, leaseMs: number): Promise<readonly Delivery[]>;
  /** Records the result of an attempt; does nothing when the lease is no longer held. */
  recordDelivery(delivery: Pick<Delivery, 'endpoint' | 'id' | 'lease'>, result: DeliveryResult): Promise<void>;
  /** The earliest time at which a message is due; undefined when none is waiting. */
  nextDeliveryAt(): Promise<number | undefined>;
  /** Dead letters, the newest first. */
  deadLetters(filter: DeadLetterFilter, limit: number): Promise<readonly DeadLetter[]>;
  /** Makes dead letters due again, for another day; returns how many. */
  replayDeadLetters(filter: DeadLetterFilter): Promise<number>;
}

/** How long a message is retried, milliseconds. */
export const retryForMs: number = 24 * 3_600_000;

/** True for a call that ended without reaching anybody. */
export const isMissedCall = ({ status, endedBecause }: Pick<StoredCall, 'status' | 'endedBecause'>): boolean =>
  status === 'no-answer' || status === 'busy' || (status === 'failed' && endedBecause !== 'not-allowed-when-due');

/** The facts of an event about a call: nothing about the person, and none of PolyAI's ids. */
export function factsOf(event: WebhookEvent, call: StoredCall): Readonly<Record<string, unknown>> {
  const { id: callId, origin: site, status, history, scheduledFor, redialOf, endedBecause, outcome } = call;
  const timeOf = (wanted: string): string | undefined => history.find((item) => item.status === wanted)?.at;
  const answeredAt = timeOf('in-progress');
  const end = history.at(-1)?.at;
  const talkedSeconds = answeredAt === undefined || end === undefined ? undefined : secondsBetween(answeredAt, end);
  const common = {
    callId,
    site,
    requestedAt: new Date(call.createdAt).toISOString(),
    ...(scheduledFor !== undefined && { scheduledFor: scheduledFor.at }),
    ...(redialOf !== undefined && { redialOf }),
  };
  switch (event) {
    case 'call.scheduled':
      return { ...common, ...(call.isQueued && { queued: true }) };
    case 'call.requested':
    case 'number.suppressed':
      return common;
    case 'call.ended':
    case 'call.missed':
      return {
        ...common,
        status,
        endedAt: end,
        ...(answeredAt !== undefined && { answeredAt }),
        ...(talkedSeconds !== undefined && { talkedSeconds }),
        ...(endedBecause !== undefined && { endedBecause }),
        ...(outcome !== undefined && { answeredBy: outcome.answeredBy }),
      };
    case 'call.outcome':
      return common;
  }
}

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
