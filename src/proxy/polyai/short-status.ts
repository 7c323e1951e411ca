// Translates a status response of the `token` and `agents` generations into our own statuses. They have four statuses and no
// history; a phase that was not reported is never invented.

import { type CallStatus, isTerminal } from '../../contract.js';
import { fieldOf } from './api-client.js';
import type { FailureCause, StatusOutcome } from './polyai.js';
import { unfamiliarStatus } from './unfamiliar-status.js';

/** The four statuses, folded to lower case. `calling` may be ringing or talking; which one is not reported. */
const words: ReadonlyMap<string, CallStatus> = new Map([
  ['queued', 'queued'],
  ['calling', 'calling'],
  ['success', 'completed'],
  ['failure', 'failed'],
]);

/**
 * Reasons that say what happened, compared as a whole. Only `call queueing: max timeout limit exceeded` is documented; the
 * others are the usual SIP (RFC 3261 §21) and Q.850 texts for the same fact. Anything else stays "failed".
 */
const causes: ReadonlyMap<string, FailureCause> = new Map([
  ['call queueing max timeout limit exceeded', 'queue-timeout'],
  ['busy', 'busy'],
  ['user busy', 'busy'],
  ['busy here', 'busy'],
  ['486 busy here', 'busy'],
  ['600 busy everywhere', 'busy'],
  ['no answer', 'no-answer'],
  ['user not responding', 'no-answer'],
  ['no user response', 'no-answer'],
  ['no user responding', 'no-answer'],
  ['user did not answer', 'no-answer'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
  ['call cancelled', 'cancelled'],
  ['call canceled', 'cancelled'],
  ['originator cancel', 'cancelled'],
]);

/** Longer reasons are ignored, characters. */
const longestReason = 80;

/** The fields of a response, by their meaning. */
export interface ShortAnswer {
  readonly sid: unknown;
  readonly word: unknown;
  readonly body: unknown;
  readonly upstreamId: string;
  readonly now: number;
}

/** Reads the body of a `200`. */
export const readShortStatus = ({ sid, word, body, upstreamId, now }: ShortAnswer): StatusOutcome => {
  if (typeof body !== 'object' || body === null) return { kind: 'failed', reason: 'unreadable-answer' };
  // A response about another call would show one visitor another's progress.
  if (sid !== undefined && sid !== upstreamId) return { kind: 'failed', reason: 'other-call' };
  const reported = typeof word === 'string' ? words.get(word.toLowerCase()) : undefined;
  if (reported === undefined)
    return { kind: 'failed', reason: 'unfamiliar-status', unfamiliar: unfamiliarStatus(word) };
  const cause = reported === 'failed' ? causeOf(fieldOf(body, 'reason')) : undefined;
  const status = cause === undefined ? reported : outcomeOf(cause);
  return {
    kind: 'seen',
    status,
    history: [{ status, at: now }],
    ...(isTerminal(status) && cause !== undefined && { cause }),
  };
};

const causeOf = (reason: unknown): FailureCause | undefined => {
  if (typeof reason !== 'string' || reason.length > longestReason) return undefined;
  const plain = reason
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return plain === '' ? undefined : (causes.get(plain) ?? 'other');
};

const outcomeOf = (cause: FailureCause): CallStatus => {
  switch (cause) {
    case 'busy':
    case 'no-answer':
    case 'cancelled':
      return cause;
    case 'queue-timeout':
    case 'other':
      return 'failed';
  }
};
