// What the owner's page reads from the store. It changes nothing.

import type { Consumption, Store, StoredCall } from '../store/store.js';

/** A call with what is kept beside it. */
export interface CallDetails {
  readonly call: StoredCall;
  /** URL of the page without query. */
  readonly page?: string;
  readonly locale?: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country?: string;
  readonly attribution?: Readonly<Record<string, string>>;
  /** Reported by the agent. */
  readonly answeredBy?: 'person' | 'voicemail' | 'unknown';
}

/** A page of calls, newest first. */
export interface CallRange {
  /** Created at this time or later, epoch milliseconds. */
  readonly from: number;
  /** Created before this time. */
  readonly until: number;
  /** Continues after this call. */
  readonly after?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}

/** The store, as far as the page uses it. */
export interface OwnerStore extends Pick<Store, 'countSlots'> {
  listCalls(range: CallRange): Promise<readonly CallDetails[]>;
  readDetails(callId: string): Promise<CallDetails | undefined>;
  /** How much of each allowance is used now. */
  usage(consumptions: readonly Consumption[]): Promise<readonly number[]>;
}
