// Which calls count as a conversion, and what is reported about one. Pure: it neither reads the store nor handles phone numbers.

import type { CallOutcome, Disposition, JournalItem } from '../../contract.js';

/** What is known about one call. */
export interface MeasuredCall {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly history: readonly JournalItem[];
  /** What the agent reported, if it reports. */
  readonly outcome?: Pick<CallOutcome, 'answeredBy' | 'disposition'>;
  /** Click IDs of the page that it was requested on, by the name of their URL parameter. */
  readonly clickIds: Readonly<Record<string, string>>;
}

/** A call that counts. */
export interface QualifiedCall {
  readonly id: string;
  /** When it was requested, epoch milliseconds. */
  readonly requestedAt: number;
  /** When it was answered, epoch milliseconds. */
  readonly answeredAt: number;
  readonly clickIds: Readonly<Record<string, string>>;
}

/** Minimum length of a qualified conversation unless another one is given, seconds: a voicemail is usually shorter. */
export const defaultQualifiedSeconds = 30;

/** What makes a call a conversion. */
export interface Qualification {
  /** Where nothing was reported: the minimum length of the conversation. */
  readonly seconds: number;
  /** Where something was: the results that count. If they are given, a call without a report does not count. */
  readonly dispositions?: readonly Disposition[];
}

/** Results that count unless others are given: what the visitor wanted came about, or is on its way. */
export const defaultDispositions: readonly Disposition[] = [
  'resolved',
  'appointment-booked',
  'callback-requested',
  'information-sent',
  'transferred',
];

/** The call if it was completed and qualifies, by what its agent reported or else by its length; otherwise undefined. */
export function qualifiedCall(call: MeasuredCall, { seconds, dispositions }: Qualification): QualifiedCall | undefined {
  const timeOf = (wanted: string): number =>
    Date.parse(call.history.findLast(({ status }) => status === wanted)?.at ?? '');
  const answeredAt = timeOf('in-progress');
  const talkedMs = timeOf('completed') - answeredAt;
  // Without both times, this is not a number, and the comparison is false.
  if (!(talkedMs >= 0)) return undefined;
  const { outcome } = call;
  const isQualified =
    outcome === undefined
      ? dispositions === undefined && Math.round(talkedMs / 1_000) >= seconds
      : outcome.answeredBy !== 'voicemail' && (dispositions ?? defaultDispositions).includes(outcome.disposition);
  if (!isQualified) return undefined;
  return { id: call.id, requestedAt: call.createdAt, answeredAt, clickIds: call.clickIds };
}
