// Reads WEBHOOKS_FILE: the endpoints that receive events, each with its own secret. A message names the place in the file and what belongs
// there, never what was found: the file holds secrets.

import * as v from 'valibot';
import { isWebhookSecret } from '../../secrets/standard-webhooks.js';
import { webhookEvents } from '../../store/outbox.js';
import type { Json, WebhookEndpoint } from '../../webhooks/endpoint.js';
import { accept, fileText, type Parse, reject } from '../parse.js';

/** Most endpoints in the file: every event is written once for each that wants it. */
const mostEndpoints = 20;
const mostTemplateBytes = 16_384;

const secret = v.pipe(v.string(), v.check(isWebhookSecret, '"whsec_" and at least 24 random bytes as base64'));
/** Headers that belong to the delivery itself. */
const ownHeaders =
  /^(?:webhook-.*|content-(?:type|length|encoding)|host|connection|transfer-encoding|expect|te|upgrade)$/i;
const headerName = v.pipe(
  v.string(),
  v.check(
    (name) => /^[A-Za-z0-9-]{1,64}$/.test(name) && !ownHeaders.test(name),
    'the name of a header that the delivery does not set itself',
  ),
);
const headerValue = v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,4096}$/, 'printable ASCII characters'));

const endpoint = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens')),
    url: v.pipe(
      v.string(),
      v.maxLength(2_048),
      v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'a full https: URL'),
      v.check((text) => new URL(text).username === '' && new URL(text).password === '', 'a URL without a password'),
    ),
    secret: v.union(
      [secret, v.pipe(v.array(secret), v.minLength(1), v.maxLength(3))],
      '"whsec_…", or a list of them during a rotation',
    ),
    events: v.exactOptional(v.pipe(v.array(v.picklist(webhookEvents)), v.minLength(1)), [...webhookEvents]),
    number: v.exactOptional(v.boolean(), false),
    private: v.exactOptional(v.boolean(), false),
    headers: v.exactOptional(v.record(headerName, headerValue), {}),
    body: v.exactOptional(v.custom<Json>((value) => JSON.stringify(value).length <= mostTemplateBytes)),
  }),
  v.check(
    ({ url, private: isPrivate }) => isPrivate || url.startsWith('https:'),
    'an https: URL (http: needs "private": true)',
  ),
);

const schema = v.strictObject({
  endpoints: v.pipe(
    v.array(endpoint),
    v.minLength(1),
    v.maxLength(mostEndpoints),
    v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, 'endpoints with different names'),
  ),
});

/** The endpoints that a JSON file describes. */
export const parseWebhooksFile: Parse<readonly WebhookEndpoint[]> = (path, readFile) => {
  const text = fileText(path, readFile);
  if (!text.ok) return text;
  const file = JSON.stringify(path);
  let value: unknown;
  try {
    value = JSON.parse(text.value.replace(/^\uFEFF/, ''));
  } catch {
    return reject({ seen: `${file}, which is not JSON` });
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success)
    return accept(
      parsed.output.endpoints.map(({ secret: secrets, body, ...rest }) => ({
        ...rest,
        secrets: typeof secrets === 'string' ? [secrets] : secrets,
        ...(body !== undefined && { body }),
      })),
    );
  return {
    ok: false,
    rejections: parsed.issues.map((issue) => ({
      seen: `${file}, where ${placeOf(issue)} is wrong`,
      expected: expectedOf(issue),
    })),
  };
};

const placeOf = (issue: v.BaseIssue<unknown>): string => {
  const path = v.getDotPath(issue);
  return path === null ? 'the file' : `"${path}"`;
};

/** What belongs there. Valibot's own messages quote what was received, so only what was expected is taken from them. */
function expectedOf({ kind, message, expected }: v.BaseIssue<unknown>): string {
  const isOwn = !message.startsWith('Invalid ');
  if (isOwn) return message;
  return kind === 'schema' && expected !== null ? expected : 'a value as described in docs/webhooks.md';
}
