// The DOM events the element fires: names, typed details and the one function that fires them. The call controller and
// the element decide when to fire each. No detail ever contains a phone number or a capability.

import type {
  Answerer,
  CallSnapshot,
  CallStatus,
  Disposition,
  NumberReason,
  ProblemCode,
  QueuePlace,
  Slot,
  TerminalStatus,
} from '../../contract.js';

/** True when the floating panel opened automatically, because the page enabled that. */
export interface OpenDetail {
  readonly proactive: true;
}

/** A call is about to be requested; `preventDefault()` stops it. */
export interface BeforeCallDetail {
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country: string;
  /** Instant of the chosen slot (RFC 3339), for a callback at a chosen time. */
  readonly scheduleAt?: string;
}

/** The proxy accepted a call. */
export interface RequestedDetail {
  readonly callId: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country: string;
}

/** The call's status changed. */
export interface ProgressDetail {
  readonly callId: string;
  readonly status: CallStatus;
  /** When, by the proxy's clock (RFC 3339). */
  readonly at: string;
}

/** A callback was scheduled for a chosen time, or a call waits in the queue. */
export type ScheduledDetail = {
  readonly callId: string;
} & (
  | { readonly scheduledFor: Slot; readonly queue?: never }
  /** The place as it was then, and the expected wait where the proxy knows one. */
  | { readonly queue: QueuePlace; readonly scheduledFor?: never }
);

/** A call ended; fired exactly once for each `polyai-callback-requested`. */
export interface EndedDetail {
  readonly callId: string;
  /** `unknown` also when the proxy has forgotten the call. */
  readonly outcome: TerminalStatus;
  readonly endedBecause?: NonNullable<CallSnapshot['endedBecause']>;
  /** Whole seconds from the answer to the end, when the call was answered. */
  readonly talkedSeconds?: number;
}

/** The agent reported the outcome of the call, after it ended. Texts are not included: they are for the visitor alone. */
export interface OutcomeDetail {
  readonly callId: string;
  readonly answeredBy: Answerer;
  readonly disposition: Disposition;
  readonly hasAppointment: boolean;
}

/** The proxy refused the request, for now or for good. */
export interface RefusedDetail {
  readonly code: ProblemCode;
  readonly reason?: NumberReason;
  /** Epoch milliseconds by the page's clock, when another attempt makes sense. */
  readonly retryAt?: number;
}

/** Something failed: the network, the proxy, or a chunk of the widget. */
export interface ErrorDetail {
  readonly code: ProblemCode | 'offline' | 'unreachable';
  /** ID to quote to the operator. */
  readonly requestId?: string;
}

/** Every event of the element with the type of its `detail`. */
export interface PolyaiCallbackEventDetails {
  /** The floating panel or the dialog opened. */
  'polyai-callback-open': OpenDetail | null;
  /** The floating panel or the dialog closed. */
  'polyai-callback-close': null;
  'polyai-callback-before-call': BeforeCallDetail;
  'polyai-callback-requested': RequestedDetail;
  'polyai-callback-progress': ProgressDetail;
  'polyai-callback-scheduled': ScheduledDetail;
  'polyai-callback-ended': EndedDetail;
  'polyai-callback-outcome': OutcomeDetail;
  'polyai-callback-refused': RefusedDetail;
  'polyai-callback-error': ErrorDetail;
}

/** Name of one of the element's events. */
export type PolyaiCallbackEventName = keyof PolyaiCallbackEventDetails;

/** Event types for `addEventListener`. */
export type PolyaiCallbackEvents = {
  readonly [Name in PolyaiCallbackEventName]: CustomEvent<PolyaiCallbackEventDetails[Name]>;
};

declare global {
  interface HTMLElementEventMap extends PolyaiCallbackEvents {}
}

/**
 * Fires an event that bubbles and crosses shadow roots; only `polyai-callback-before-call` can be canceled.
 * Returns false when a listener canceled it.
 */
export function fire<Name extends PolyaiCallbackEventName>(
  target: EventTarget,
  name: Name,
  detail: PolyaiCallbackEventDetails[Name],
): boolean {
  const cancelable = name === 'polyai-callback-before-call';
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}
