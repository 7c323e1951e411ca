// A file held in memory with its compressed twins, and how it is answered. Which files there are is said elsewhere.

import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file as it is served. */
export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly cacheControl: string;
  readonly etag: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** For a name that holds its content's hash. */
export const immutable = 'public, max-age=31536000, immutable';

/** A strong validator of some bytes. */
export const etagOf = (body: Uint8Array): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Compresses once, as hard as it goes: for what is made at start. */
export function compressed(body: Uint8Array<ArrayBuffer>): Required<Pick<StaticFile, 'brotli' | 'gzip'>> {
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { brotli: Uint8Array.from(brotli), gzip: Uint8Array.from(gzipSync(body, { level: 9 })) };
}

/** Answers a GET of the file: the smallest encoding that is accepted, `304` when the page has it already. */
export function fileResponse(file: StaticFile, request: Headers): Response {
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Cache-Control': file.cacheControl,
    ETag: file.etag,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...file.headers,
  };
  if (
    request
      .get('if-none-match')
      ?.split(/\s*,\s*/)
      .includes(file.etag) === true
  )
    return new Response(null, { status: 304, headers });
  const accepted = request.get('accept-encoding') ?? '';
  const encoding =
    file.brotli && accepts(accepted, 'br') ? 'br' : file.gzip && accepts(accepted, 'gzip') ? 'gzip' : null;
  if (encoding !== null) headers['Content-Encoding'] = encoding;
  const body = (encoding === 'br' ? file.brotli : encoding === 'gzip' ? file.gzip : undefined) ?? file.body;
  return new Response(body, { headers });
}

const accepts = (header: string, coding: string): boolean =>
  header.split(',').some((part) => {
    const [name = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
