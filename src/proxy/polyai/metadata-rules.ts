// PolyAI's rules for metadata in the `token` and `agents` generations (its documentation of outbound calling).
// calls/metadata.ts has decided earlier what visitors may send.

import type { Metadata } from './api-client.js';

/** The base64 of the metadata must stay under 26 KB; with 1,000-byte kilobytes, so that both readings of KB are satisfied. */
const mostBase64Bytes = 26_000;

/** Why metadata cannot be sent; undefined when it can. */
export const metadataFault = (metadata: Metadata): string | undefined => {
  // The type promises it, but a call scheduled by another release may contain something else.
  if (Object.values<unknown>(metadata).some((value) => typeof value !== 'string')) return 'metadata-not-text';
  const base64Bytes = 4 * Math.ceil(Buffer.byteLength(JSON.stringify(metadata)) / 3);
  return base64Bytes < mostBase64Bytes ? undefined : 'metadata-too-long';
};
