// The files the proxy serves to browsers: the widget's script, its lazy chunks, and the demo's pages. All are read once at startup,
// so that no request can name a path on disk.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import * as v from 'valibot';
import { compressed, etagOf, immutable, type StaticFile } from './static-file.js';

/** URL path → file. */
export type Assets = ReadonlyMap<string, StaticFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

// Pages of any origin may load the script and its chunks; they contain nothing to protect.
const openToAll = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
const listSchema = v.record(v.string(), v.object({ hashed: v.string() }));

/** Reads what the build wrote to `dist/widget`. Throws when it is missing. */
export function widgetAssets(folder: string): Assets {
  const list = v.parse(listSchema, JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8')));
  const files = new Map<string, StaticFile>();
  for (const [plain, { hashed }] of Object.entries(list)) {
    // The plain name follows the newest build: cached for ten minutes, then revalidated.
    files.set(`/${plain}`, precompressed(folder, plain, 'public, max-age=600, stale-while-revalidate=86400'));
    files.set(`/${hashed}`, precompressed(folder, hashed, immutable));
  }
  return files;
}

/** Reads the demo's pages: every file in the folder that a browser can display. `/` is its index. */
export function demoAssets(folder: string): Assets {
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = Uint8Array.from(readFileSync(join(folder, name)));
    const path = `/${name.replaceAll('\\', '/')}`;
    const file = { body, type, cacheControl: 'no-cache', etag: etagOf(body), headers: demoHeaders(body, type) };
    files.set(path === '/index.html' ? '/' : path, file);
  }
  return files;
}

/** Reads a text file. */
export function textAsset(file: string): StaticFile {
  const body = Uint8Array.from(readFileSync(file));
  const type = 'text/plain; charset=utf-8';
  return { body, ...compressed(body), type, cacheControl: 'no-cache', etag: etagOf(body), headers: openToAll };
}

/** JSON that was created at startup. */
export function jsonAsset(value: unknown): StaticFile {
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(value)));
  return { body, type: 'application/json', cacheControl: 'no-cache', etag: etagOf(body) };
}

/** The demo uses the policy that, according to the README, is sufficient; a page's inline code is allowed by its hash. */
function demoHeaders(body: Uint8Array, type: string): Readonly<Record<string, string>> {
  const html = type.startsWith('text/html') ? Buffer.from(body).toString('utf8') : '';
  const hashes = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, code = '']) => ` 'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  );
  return {
    'Content-Security-Policy': `default-src 'none'; script-src 'self'${hashes.join('')}; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    'Referrer-Policy': 'no-referrer',
  };
}

function precompressed(folder: string, name: string, cacheControl: string): StaticFile {
  const read = (suffix: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(join(folder, name + suffix)));
  const body = read('');
  return {
    body,
    brotli: read('.br'),
    gzip: read('.gz'),
    type: types[extname(name)] ?? 'application/octet-stream',
    cacheControl,
    etag: etagOf(body),
    headers: openToAll,
  };
}
