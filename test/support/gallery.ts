// Photographs every phase of the widget, in light, dark, right to left, forced colours, large text and on a narrow screen:
// `npm run gallery [folder]`. The sheets are for looking at; nothing is compared.

import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { minifyTemplates } from '../../.ci/build/minify-templates.js';
import { deadlineMs, openBrowser } from './page.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.argv[2] ?? join(root, 'dist/gallery');

const sheets = [
  { name: 'light' },
  { name: 'dark', dark: true },
  { name: 'rtl', lang: 'ar', dir: 'rtl' },
  { name: 'forced-colours', forced: true },
  { name: 'narrow', width: 320 },
  { name: 'large-text', width: 640, size: '200%' },
] as const satisfies readonly Sheet[];

interface Sheet {
  readonly name: string;
  readonly dark?: boolean;
  readonly forced?: boolean;
  readonly lang?: string;
  readonly dir?: string;
  /** Pixels; without it a wall of four columns. */
  readonly width?: number;
  readonly size?: string;
}

const script = await bundle();
await mkdir(folder, { recursive: true });
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [type, body] =
    url.pathname === '/page.js' ? ['text/javascript', script] : ['text/html', page(url.searchParams)];
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body);
});
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const pages = await openBrowser();
try {
  for (const sheet of sheets as readonly Sheet[]) {
    const tab = await pages.page({
      viewport: { width: sheet.width ?? 1500, height: 900 },
      colorScheme: sheet.dark === true ? 'dark' : 'light',
      forcedColors: sheet.forced === true ? 'active' : 'none',
      reducedMotion: 'reduce',
    });
    const query = new URLSearchParams(
      Object.entries({
        lang: sheet.lang ?? 'en',
        dir: sheet.dir ?? 'ltr',
        size: sheet.size ?? '100%',
        narrow: sheet.width ? '1' : '',
      }),
    );
    await tab.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/?${String(query)}`);
    tab.on('pageerror', ({ message }) => console.error(message));
    await tab.waitForSelector('[data-ready]', { timeout: 3 * deadlineMs, state: 'attached' });
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const file = join(folder, `${sheet.name}.png`);
    await tab.screenshot({ path: file, fullPage: true });
    console.log(`${file}${overflow > 0 ? `  wider than the screen by ${String(overflow)} px` : ''}`);
    await tab.context().close();
  }
} finally {
  await pages.close();
  server.close();
}

function page(query: URLSearchParams): string {
  const columns = query.get('narrow') ? 'auto' : '4 18rem';
  return `<!doctype html><html lang="${query.get('lang') ?? ''}" dir="${query.get('dir') ?? ''}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Gallery</title>
<style>html{color-scheme:light dark;font-size:${query.get('size') ?? ''}}body{margin:16px;font-family:system-ui;background:light-dark(#f4f5f8,#0d0e11);color:light-dark(#333,#ccc)}
main{columns:${columns};column-gap:24px}figure{margin:0 0 24px;break-inside:avoid}figcaption{font:12px monospace}</style>
<main></main><script type="module" src="/page.js"></script></html>`;
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    define: { __POLYAI_CALLBACK_FILES__: '{}' },
    plugins: [minifyTemplates()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: `${root}test/widget/support/gallery-page.ts`,
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  if (Array.isArray(result) || !('output' in result)) throw new Error('expected one build');
  return result.output[0].code;
}
