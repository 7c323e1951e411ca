// What an endpoint is: where events are sent, which ones, and in which shape. The settings file is read in config/files/webhooks-file.ts.

import type { WebhookEvent } from '../store/outbox.js';

/** JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One receiver of events. */
export interface WebhookEndpoint {
  /** Unique; in the log and in the list of dead letters. */
  readonly name: string;
  readonly url: string;
  /** Its own secrets, `whsec_…`: every message is signed with each of them. */
  readonly secrets: readonly string[];
  readonly events: readonly WebhookEvent[];
  /** True: events contain the called number. */
  readonly number: boolean;
  /** True: it may be in a private network, and http. */
  readonly private: boolean;
  /** Further request headers, such as an API's authorization. */
  readonly headers: Readonly<Record<string, string>>;
  /** The shape of the body, with placeholders; undefined: the event as it is. */
  readonly body?: Json | undefined;
}
