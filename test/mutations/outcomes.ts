// Agents' reports and webhooks: authentic, strict, encrypted, shown to nobody else, delivered to nowhere else.

import { type Mutation, mutationsOf } from './mutation.js';

const webhook = 'proxy/outcomes/outcomes-webhook.test.ts';

/** Safeguards of agents' reports on calls and of outgoing webhooks. */
export const outcomeMutations: readonly Mutation[] = mutationsOf([
  [
    'A webhook is signed',
    'proxy/http/webhook-request.ts',
    'return verified === undefined ? undefined : { id: verified };',
    "return { id: verified ?? id ?? '' };",
    'proxy/routes/suppressions-webhook.test.ts',
  ],
  [
    'A signature is valid for five minutes',
    'proxy/secrets/standard-webhooks.ts',
    'if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) return undefined;',
    '',
    webhook,
  ],
  [
    'Another version of a signature is not taken for ours',
    'proxy/secrets/standard-webhooks.ts',
    "(isSame(right, given) && version === 'v1')",
    'isSame(right, given)',
    'proxy/secrets/standard-webhooks.test.ts',
  ],
  [
    'A bearer token has to be one of the configured ones',
    'proxy/http/webhook-request.ts',
    'if (!isKnown || (id !== undefined && !isMessageId(id))) return undefined;',
    'if (id !== undefined && !isMessageId(id)) return undefined;',
    webhook,
  ],
  [
    'A token does not replace a signature where none is configured',
    'proxy/http/webhook-request.ts',
    'if (signature !== undefined || tokens.length === 0) {',
    'if (signature !== undefined) {',
    'proxy/http/webhook-request.test.ts',
  ],
  [
    'Links in an outcome never leave the allowed hosts',
    'proxy/outcomes/outcome-schema.ts',
    "hosts.has(host) && username === ''",
    "username === ''",
    webhook,
  ],
  [
    'Links in an outcome are https',
    'proxy/outcomes/outcome-schema.ts',
    String.raw`v.regex(/^https:\/\/[\x21-\x7e]+$/),`,
    '',
    webhook,
  ],
  [
    'An outcome has no control and bidi characters',
    'proxy/outcomes/outcome-schema.ts',
    ".replace(unprintable, '')",
    '',
    webhook,
  ],
  [
    'An outcome has no phone numbers',
    'proxy/outcomes/outcome-schema.ts',
    "withoutNumbers(text.replace(/\\s+/gu, ' ').replace(unprintable, '').trim())",
    "(void withoutNumbers, text.replace(/\\s+/gu, ' ').replace(unprintable, '').trim())",
    webhook,
  ],
  [
    'The text of an outcome is encrypted',
    'proxy/outcomes/stored-outcome.ts',
    'return keyring.seal(JSON.stringify(text));',
    'return (void keyring, JSON.stringify(text));',
    webhook,
  ],
  [
    'An outcome that cannot be decrypted does not hide the call',
    'proxy/outcomes/stored-outcome.ts',
    'return openOutcome(keyring, call);\n      } catch {',
    'return openOutcome(keyring, call);\n      } catch (error) {\n        throw error;',
    webhook,
  ],
  [
    'do_not_call suppresses at once',
    'proxy/store/sql/outcomes.ts',
    "if (report.doNotCall) yield* suppress([row.number_key], 'outcome', transaction.now);",
    'void suppress;',
    webhook,
  ],
  [
    'A report works once',
    'proxy/store/sql/outcomes.ts',
    "(yield* useOnce('webhooks', message.id, message.expiresAt)) === 0",
    "(yield* useOnce('webhooks', message.id, message.expiresAt)) === -1",
    webhook,
  ],
  [
    'A report on an unknown call does not use up its id',
    'proxy/store/sql/outcomes.ts',
    "transaction.discard();\n    return { kind: 'unknown-call' };",
    "if (message) yield* useOnce('webhooks', message.id, message.expiresAt);\n    return { kind: 'unknown-call' };",
    webhook,
  ],
  [
    'A call that was never placed has no outcome',
    'proxy/store/sql/outcomes.ts',
    'return row === undefined || isOther || wasNeverPlaced ? undefined : row;',
    'return (void wasNeverPlaced, row === undefined || isOther ? undefined : row);',
    webhook,
  ],
  [
    'The ids of a report are of one call',
    'proxy/store/sql/outcomes.ts',
    'return row === undefined || isOther || wasNeverPlaced ? undefined : row;',
    'return (void isOther, row === undefined || wasNeverPlaced ? undefined : row);',
    webhook,
  ],
  [
    'The agent gets our own id of the call',
    'proxy/calls/place-call.ts',
    '{ ...given, ...ownMetadata(call) }',
    '{ ...ownMetadata(call), ...given }',
    webhook,
  ],
  [
    'A stream stays open for the report',
    'proxy/streams/call-streams.ts',
    'if (call !== undefined && this.#streams.isPending(call)) {',
    'if (call !== undefined && this.#streams.isPending(call) && false) {',
    'proxy/streams/call-streams.test.ts',
    'a report is expected',
  ],
  [
    'A stream does not stay open for ever',
    'proxy/streams/call-streams.ts',
    'if (this.#awaiting !== undefined) this.end(this.#awaiting);',
    '',
    'proxy/streams/call-streams.test.ts',
    'waits for a report',
  ],
]);
