// The result of a request to the proxy: a value, or a problem to show to the visitor. Types only.

import type { NumberReason, ProblemCode, QueuePlace, Slot } from '../../contract.js';

/** Why there is no value: a problem reported by the proxy, or no response at all. */
export interface Problem {
  /** `offline`: the visitor's own network is down. `unreachable`: no response, or a malformed one. */
  readonly code: ProblemCode | 'offline' | 'unreachable';
  /** Id to quote to the operator. */
  readonly requestId?: string;
  readonly reason?: NumberReason;
  readonly country?: string;
  readonly lengths?: readonly number[];
  /** Epoch milliseconds by the page's clock, when another try makes sense. */
  readonly retryAt?: number;
  readonly slots?: readonly Slot[];
  /** The place to expect in the queue. */
  readonly queue?: QueuePlace;
}

/** A value, or why there is none. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** The call a visitor wants; kept so that "call me again" and retries of one press need no typing. */
export interface CallIntent {
  /** E.164. */
  readonly phone: string;
  readonly country: string;
  /** True when the visitor typed the calling code. */
  readonly international: boolean;
  /** True once the visitor confirmed the country. */
  readonly countryConfirmed?: boolean;
  /** The typed text can only be read as one number. */
  readonly unambiguous?: boolean;
  /** Instant of the chosen time slot, RFC 3339. */
  readonly scheduleAt?: string;
  /** Wait in the queue. */
  readonly queue?: true;
}

/** What a visitor chooses instead of a call now: a time, or a place in the queue. Empty: a call now after all. */
export type Choice = Pick<CallIntent, 'scheduleAt' | 'queue'>;
