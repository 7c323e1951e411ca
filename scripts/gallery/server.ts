// The gallery page on its own server: every phase of the widget at once, built from the sources, for scripts that take
// screenshots of them or examine them.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { minifyTemplates } from '../vite/minify-templates.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Options of the page. */
export interface GalleryOptions {
  readonly lang?: string;
  readonly dir?: string;
  /** One column instead of four. */
  readonly narrow?: boolean;
  /** Font size of the page, such as `200%`. */
  readonly size?: string;
}

/** The running gallery. */
export interface Gallery {
  /** The page's address; `body` has `data-ready` once every phase is reached. */
  url(options?: GalleryOptions): string;
  close(): void;
}

/** Builds the page and serves it on loopback. */
export async function startGallery(): Promise<Gallery> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [type, body] =
      url.pathname === '/page.js' ? ['text/javascript', script] : ['text/html', page(url.searchParams)];
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url: ({ lang = 'en', dir = 'ltr', size = '100%', narrow = false } = {}) =>
      `${origin}/?${String(new URLSearchParams({ lang, dir, size, narrow: narrow ? '1' : '' }))}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function page(query: URLSearchParams): string {
  const columns = query.get('narrow') ? 'auto' : '4 18rem';
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Gallery</title>
<style>html{color-scheme:light dark;font-size:${query.get('size') ?? ''}}body{margin:16px;font-family:system-ui;background:light-dark(#f4f5f8,#0d0e11);color:light-dark(#333,#ccc)}
main{margin:0 auto;columns:${columns};column-gap:24px}figure{margin:0 0 24px;break-inside:avoid}figcaption{font:12px monospace}</style>
<main></main><script type="module" src="/page.js"></script></html>`;
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [minifyTemplates()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: `${root}test/widget/fixtures/gallery-page.ts`,
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  if (Array.isArray(result) || !('output' in result)) throw new Error('expected one build');
  return result.output[0].code;
}
