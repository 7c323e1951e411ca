// Reads an untrusted JSON body: type, size, encoding, shape. The fields are the caller's: it passes the schema.

import * as v from 'valibot';
import type { AppContext } from './context.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';
import { readBytes } from './bounded-body.js';

/** Largest body read, bytes. A request with the longest consent text and challenge is about half of it. */
export const maxBodyBytes = 8_192;
/** Deepest nesting of objects and lists. */
export const maxBodyDepth = 4;

const json = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;
const text = /^text\/plain\s*;\s*charset=utf-8$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const poisonous: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** True when the request declares its body as plain JSON in UTF-8. A form can be sent across origins without a preflight, JSON cannot. */
export function isJsonRequest(headers: Headers): boolean {
  const encoding = headers.get('content-encoding');
  return json.test(headers.get('content-type') ?? '') && (encoding === null || encoding === 'identity');
}

/**
 * True for plain text in UTF-8 as well: JSON under that name needs no preflight, which saves a round trip. Only for a request that
 * changes nothing: another page's form can send one, and then the Origin alone tells.
 */
export function isJsonOrText(headers: Headers): boolean {
  return isJsonRequest(headers) || text.test(headers.get('content-type') ?? '');
}

/** Bytes → a value of the schema, or why not. */
export function parseBody<S extends v.GenericSchema>(bytes: Uint8Array, schema: S): Verdict<v.InferOutput<S>> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    return refuse({ code: 'invalid-request' });
  }
  if (!isHarmless(value, 1)) return refuse({ code: 'invalid-request' });
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  return parsed.success ? allow(parsed.output) : refuse({ code: 'invalid-request' });
}

/** Reads and parses: the steps above, cheapest first. `isAccepted` decides by the headers. */
export async function readBody<S extends v.GenericSchema>(
  c: AppContext,
  schema: S,
  isAccepted: (headers: Headers) => boolean = isJsonRequest,
): Promise<Verdict<v.InferOutput<S>>> {
  const request = c.req.raw;
  if (!isAccepted(request.headers)) return refuse({ code: 'unsupported-media-type' });
  const bytes = await readBytes(request, c.env?.incoming, maxBodyBytes);
  return bytes.allowed ? parseBody(bytes.value, schema) : bytes;
}

function isHarmless(value: unknown, depth: number): boolean {
  // An escaped lone surrogate is valid JSON but invalid Unicode.
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxBodyDepth) return false;
  return Object.entries(value).every(
    ([key, item]) => !poisonous.includes(key) && isHarmless(key, depth) && isHarmless(item, depth + 1),
  );
}
