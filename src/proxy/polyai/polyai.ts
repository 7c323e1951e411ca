// PolyAI as the proxy sees it: two operations, one implementation per API generation. Only this folder knows the credential's
// header, PolyAI's URLs and its raw statuses.

import type { CallStatus } from '../../contract.js';

/**
 * How one attempt to place a call ended. There is never a second attempt for the same request. `errorId` is PolyAI's ID of an
 * error, to quote to its support; only the `agents` generation has one.
 */
export type PlaceOutcome =
  /** A 2xx with a well-formed id. */
  | { readonly kind: 'accepted'; readonly upstreamId: string }
  /** PolyAI explicitly refused (400, 401, 403, 404, 413, 422, 429): nothing was placed. */
  | {
      readonly kind: 'rejected';
      readonly httpStatus: number;
      readonly retryAfterSeconds?: number;
      /** Set when PolyAI may have refused something other than the number: the visitor then does not see the number blamed. */
      readonly mayConcern?: MayConcern;
      readonly errorId?: string;
      /** `refused`: 401, or 403 with PolyAI's own JSON. `doubtful`: another 403, perhaps from a firewall that objected to this one request. */
      readonly credential?: 'refused' | 'doubtful';
    }
  /** Provably never sent: name resolution, refused, connect timeout, TLS. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** Everything else: the phone may ring. `reason` is one of our own words, never upstream text. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly errorId?: string };

/** What a refusal may concern besides the number: the metadata that was sent, or how outbound calling is set up at PolyAI. */
export type MayConcern = 'metadata' | 'configuration';

/** Why a call failed, if PolyAI's reason says so; one of our own words. */
export type FailureCause = 'queue-timeout' | 'busy' | 'no-answer' | 'cancelled' | 'other';

/** What may be logged about an unknown status: never the text itself. */
export interface UnfamiliarStatus {
  /** Characters. */
  readonly length: number;
  /** `word`: only letters, digits, `-` and `_`. `text`: any other text. `none`: not a string. */
  readonly form: 'word' | 'text' | 'none';
}

/** What one status request for a call showed. */
export type StatusOutcome =
  /** `history` is everything upstream remembers, oldest first, as our statuses; it restores phases that fell between two status requests. */
  | {
      readonly kind: 'seen';
      readonly status: CallStatus;
      readonly history: readonly { readonly status: CallStatus; readonly at: number }[];
      /** With an end other than `completed`, if PolyAI gave a reason. */
      readonly cause?: FailureCause;
      /** Set when the current status is a word that PolyAI has not documented: the call may have ended. */
      readonly unfamiliar?: UnfamiliarStatus;
    }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterSeconds?: number;
      readonly errorId?: string;
      /** With the reason `unfamiliar-status`. */
      readonly unfamiliar?: UnfamiliarStatus;
    }
  /** 401, or 403 with PolyAI's own JSON: the credential does not work. */
  | { readonly kind: 'denied' };

/** PolyAI's outbound calling, whichever generation. */
export interface PolyAi {
  /** Triggers one call to `number` (E.164). Never rejects: every fault is an outcome. */
  place(number: string, context: { readonly metadata?: Readonly<Record<string, string>> }): Promise<PlaceOutcome>;
  /** Requests a call's status once. Never rejects. */
  status(upstreamId: string): Promise<StatusOutcome>;
  /** Opens a connection for a call that is likely to be placed soon: connecting takes longer than everything else that the proxy does for it. */
  warmUp?(): void;
  /** Closes pooled connections. */
  close(): Promise<void>;
}
