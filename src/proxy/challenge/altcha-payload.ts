// Parses the text a visitor sends as a solution. Checks that it is well-formed, not that it is correct.

import * as v from 'valibot';
import type { Challenge } from '../../contract.js';

/** Longest payload accepted, characters. Ours are about 900 long. */
export const longestPayload = 2_048;

/** A solution as sent. */
export interface AltchaPayload {
  readonly challenge: Challenge;
  readonly solution: { readonly counter: number; readonly derivedKey: string };
}

const hex = (bytes: number): v.GenericSchema<string> =>
  v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${String(bytes * 2)}}$`)));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const schema: v.GenericSchema<unknown, AltchaPayload> = v.strictObject({
  challenge: v.strictObject({
    parameters: v.strictObject({
      algorithm: v.literal('PBKDF2/SHA-256'),
      nonce: hex(16),
      salt: hex(16),
      cost: count,
      keyLength: v.literal(32),
      keyPrefix: hex(16),
      // Required: with it, the key is compared with ours, and nothing is derived from values that the sender chose.
      keySignature: hex(32),
      data: v.strictObject({ binding: hex(32), issuedAt: count }),
    }),
    signature: hex(32),
  }),
  // The key contains 32 bits of it.
  solution: v.strictObject({ counter: v.pipe(count, v.maxValue(0xffff_ffff)), derivedKey: hex(32) }),
});

/** Undefined for anything that is not base64 of a solution's JSON, or too long to be one. */
export function readAltchaPayload(payload: string): AltchaPayload | undefined {
  if (payload.length > longestPayload || !/^[A-Za-z0-9+/]+={0,2}$/.test(payload)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}
