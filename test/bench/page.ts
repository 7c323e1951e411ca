// The widget on an empty host page, compared with that page alone and with intl-tel-input: bytes, requests, layout shift, the
// longest task on a CPU throttled four times, the time to a usable form. The deterministic part is a test (e2e/light.test.ts).

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startProcess } from '../crash/proxy-process.js';
import { longestTask } from './longest-task.js';
import { median, ratio, table } from './report.js';

const slowdown = 4;
const runs = 5;
const peerFolder = fileURLToPath(new URL('../../node_modules/intl-tel-input/dist/', import.meta.url));

/** A page to measure. */
interface Candidate {
  readonly name: string;
  readonly html: string;
  /** An expression that is true in the page once the visitor can use the form; evaluated in every frame. */
  readonly isReady: string;
  /** The field to type into. */
  readonly field?: string;
}

/** The measurements of one visit. */
interface Visit {
  readonly bytes: number;
  readonly requests: number;
  readonly readyMs: number;
  readonly shift: number;
  readonly loadTaskMs: number;
  readonly keyTaskMs: number;
}

const frame = (inside: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Host</title>
  <style>polyai-callback { display: block; min-block-size: 38em }</style><h1>Host</h1>${inside}<p>After</p></html>`;

function candidates(proxy: string): readonly Candidate[] {
  return [
    { name: 'empty page', html: frame(''), isReady: `document.readyState === 'complete'` },
    {
      name: 'with polyai-callback',
      html: frame(
        `<polyai-callback endpoint="${proxy}" phone="+14155550198"><a href="tel:+14155550198">Call us</a></polyai-callback>
        <script async src="${proxy}/polyai-callback.js"></script>`,
      ),
      isReady: `document.querySelector('polyai-callback')?.shadowRoot?.querySelectorAll('option').length > 2`,
      field: 'polyai-callback #phone',
    },
    {
      name: 'with intl-tel-input',
      html: frame(
        `<link rel="stylesheet" href="/peer/css/intlTelInput.min.css"><input id="phone" type="tel">
        <script src="/peer/js/intlTelInput.min.js"></script>
        <script>intlTelInput(document.querySelector('#phone'), { initialCountry: 'us', strictMode: true,
          loadUtils: () => import('/peer/js/utils.js') }).promise?.then(() => (globalThis.isPeerReady = true));</script>`,
      ),
      isReady: `globalThis.isPeerReady === true && document.readyState === 'complete'`,
      field: '#phone',
    },
  ];
}

/** Measures and prints. Resolves to false when a target was missed. */
export async function benchPages(): Promise<boolean> {
  const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'bench-connector' };
  const fakePolyAi = await createFakePolyAi(account);
  const host = await hostPages();
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const proxy = startProcess({
    POLYAI_BASE_URL: fakePolyAi.url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    ALLOWED_ORIGINS: host.origin,
    ALLOWED_COUNTRIES: 'US,GB,DE,FR,ES',
    DATABASE_URL: `file:${folder}/bench.db`,
  });
  const pages = await openBrowser();
  try {
    const port = await proxy.listening;
    if (port === undefined) throw new Error(`the proxy did not start: ${proxy.complaints()}`);
    const list = candidates(`http://127.0.0.1:${String(port)}`);
    const visits = list.map((): Visit[] => []);
    // Interleaved, so that a busy minute of the machine affects all alike. The first round is a warm-up and is not counted.
    for (let run = 0; run <= runs; run += 1)
      for (const [index, candidate] of list.entries()) {
        host.show(candidate.html);
        const seen = await visit(pages, host.origin, candidate);
        if (run > 0) visits[index]?.push(seen);
      }
    return report(list, visits);
  } finally {
    await pages.close();
    proxy.kill('SIGTERM');
    await proxy.gone;
    host.close();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(list: readonly Candidate[], visits: readonly (readonly Visit[])[]): boolean {
  const middle = (of: readonly Visit[], name: keyof Visit): number => median(of.map((one) => one[name]));
  const [empty = [], ours = []] = visits;
  const rows = list.map(({ name }, index) => {
    const of = visits[index] ?? [];
    return [
      name,
      String(middle(of, 'bytes') - middle(empty, 'bytes')),
      String(middle(of, 'requests')),
      String(Math.max(...of.map(({ shift }) => shift))),
      middle(of, 'readyMs').toFixed(0),
      ratio(middle(of, 'readyMs'), middle(empty, 'readyMs')),
      middle(of, 'loadTaskMs').toFixed(1),
      of.some(({ keyTaskMs }) => keyTaskMs > 0) ? middle(of, 'keyTaskMs').toFixed(1) : '–',
    ];
  });
  table(
    [
      'page',
      'extra bytes',
      'requests',
      'CLS',
      'form ready, ms',
      'vs. empty',
      'longest task to ready, ms',
      'while typing, ms',
    ],
    rows,
  );
  const requests = middle(ours, 'requests');
  const misses = [
    requests !== 2 && `${String(requests)} requests before the first interaction, not 2`,
    ours.some(({ shift }) => shift > 0) && 'the layout shifted',
    middle(ours, 'loadTaskMs') >= 50 && 'a task of 50 ms or more before the form was ready',
    middle(ours, 'keyTaskMs') >= 50 && 'a task of 50 ms or more while typing',
  ].filter((miss) => miss !== false);
  for (const miss of misses) process.stdout.write(`MISSED: ${miss}\n`);
  return misses.length === 0;
}

async function visit(pages: PageSource, origin: string, candidate: Candidate): Promise<Visit> {
  const context = await pages.context({ viewport: { width: 1280, height: 900 }, timezoneId: 'America/New_York' });
  const page = await context.newPage();
  try {
    const session = await context.newCDPSession(page);
    const transfers = await countTransfers(session);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.addInitScript(watch(candidate.isReady));
    // Signaled over the console: querying the page would add a task to it.
    const ready = page.waitForEvent('console', (message) => message.text().startsWith('ready'));
    const loadTaskMs = await longestTask(pages.browser, page, () => Promise.all([ready, page.goto(`${origin}/`)]));
    await page.waitForLoadState('networkidle');
    const { bytes, requests } = transfers();
    const keyTaskMs = candidate.field === undefined ? 0 : await typing(pages, page, candidate.field);
    const shift = Number(await page.evaluate('globalThis.shifted'));
    return {
      bytes,
      requests,
      readyMs: Number(await page.evaluate('globalThis.readyAt')),
      shift,
      loadTaskMs,
      keyTaskMs,
    };
  } finally {
    await context.close();
  }
}

/** From the first click, which loads the phone code, to the last key and its paint. */
async function typing(pages: PageSource, page: Page, field: string): Promise<number> {
  const box = await page.locator(field).boundingBox();
  if (box === null) throw new Error(`${field} is not visible`);
  return longestTask(pages.browser, page, async () => {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.type('+14155550100', { delay: 30 });
    // The number is read back 600 ms after the last key.
    await page.waitForTimeout(1_000);
  });
}

/** Bytes over the wire besides the page itself, and the number of requests. */
async function countTransfers(session: CDPSession): Promise<() => { bytes: number; requests: number }> {
  let bytes = 0;
  const requests = new Set<string>();
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, type, request }) => {
    if (type !== 'Document' && !request.url.endsWith('/favicon.ico')) requests.add(requestId);
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return () => ({ bytes, requests: requests.size });
}

/** Runs in the page before anything else. A string, because the compiler's helpers do not exist there. */
const watch = (isReady: string): string => `
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });
  const check = () => {
    if (${isReady}) console.log('ready', globalThis.readyAt = performance.now());
    else requestAnimationFrame(check);
  };
  check();`;

interface Host {
  readonly origin: string;
  show(html: string): void;
  close(): void;
}

/** Serves the host page and, from disk, the peer, brotli-compressed at the highest level as the proxy serves the widget. */
async function hostPages(): Promise<Host> {
  const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', webp: 'image/webp' };
  const packed = new Map<string, Buffer>();
  let html = '';
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/') return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
    const type = types[path.slice(path.lastIndexOf('.') + 1)];
    if (!path.startsWith('/peer/') || path.includes('..') || type === undefined) return response.writeHead(404).end();
    const body = packed.get(path) ?? fileOf(path.slice('/peer/'.length));
    packed.set(path, body);
    return response
      .writeHead(200, {
        'Content-Type': type,
        'Content-Length': body.byteLength,
        ...(type.startsWith('text/') && { 'Content-Encoding': 'br' }),
      })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    show: (next) => {
      html = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function fileOf(name: string): Buffer {
  const bytes = readFileSync(peerFolder + name);
  return name.endsWith('.webp') ? bytes : brotliCompressSync(bytes);
}
