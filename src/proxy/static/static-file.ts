// A file in memory with its compressed versions, and how requests for it are answered. Which files exist is decided elsewhere.

import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { acceptsCoding, matchesEtag } from '../http/list-headers.js';

/** A file as it is served. */
export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly cacheControl: string;
  /** Strong validator of the plain bytes, in quotes; an encoding's tag is derived from it. */
  readonly etag: string;
  /** Additional headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** For a name that contains its content's hash. */
export const immutable = 'public, max-age=31536000, immutable';

/** A strong validator of some bytes. */
export const etagOf = (body: Uint8Array): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Compresses at the highest quality, for content created at startup. */
export function compressed(body: Uint8Array<ArrayBuffer>): Required<Pick<StaticFile, 'brotli' | 'gzip'>> {
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { brotli: Uint8Array.from(brotli), gzip: Uint8Array.from(gzipSync(body, { level: 9 })) };
}

/** Answers a GET of the file: with the smallest accepted encoding, or `304` when the client already has that representation. */
export function fileResponse(file: StaticFile, request: Headers): Response {
  const { body, encoding } = representationOf(file, request.get('accept-encoding'));
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Cache-Control': file.cacheControl,
    // A strong ETag identifies exact bytes, so every encoding has its own (RFC 9110 §8.8.3.3).
    ETag: encoding === undefined ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...file.headers,
  };
  if (matchesEtag(request.get('if-none-match'), headers['ETag'] ?? ''))
    return new Response(null, { status: 304, headers });
  if (encoding !== undefined) headers['Content-Encoding'] = encoding;
  return new Response(body, { headers });
}

function representationOf(
  { body, brotli, gzip }: StaticFile,
  accepted: string | null,
): { readonly body: Uint8Array<ArrayBuffer>; readonly encoding?: 'br' | 'gzip' } {
  if (brotli !== undefined && acceptsCoding(accepted, 'br')) return { body: brotli, encoding: 'br' };
  if (gzip !== undefined && acceptsCoding(accepted, 'gzip')) return { body: gzip, encoding: 'gzip' };
  return { body };
}
