// The end-to-end fixture: the built widget on a host page with its own origin and a strict policy, the whole proxy on real
// sockets with a full credential, and the fake PolyAI behind it. Proxy and fake share a clock that runs faster than real time.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { type RunningProxy, startProxy } from '../../src/proxy/main.js';
import type { PageSource } from '../../scripts/browser/page.js';
import { type FastClock, fastClock } from '../fixtures/clock.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';

export interface E2eOptions {
  /** How many times faster than real time the clock runs; default 8. */
  readonly speed?: number;
  /** Where the clock starts, epoch milliseconds; default office hours. */
  readonly startsAt?: number;
  /** Settings of the proxy besides the credential. */
  readonly env?: Readonly<Record<string, string>>;
  /** The host page's body; `PROXY` becomes the proxy's URL. */
  readonly body?: string;
  /** Where the host page may load scripts from; default the proxy alone. `PROXY` becomes the proxy's URL. */
  readonly scriptSources?: string;
  /** Scripts on the host page's own origin, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The host page's policy besides script-src and connect-src for the proxy; default none. */
  readonly policy?: string;
}

export interface E2eFixture {
  readonly proxy: RunningProxy;
  readonly fakePolyAi: FakePolyAi;
  readonly clock: FastClock;
  /** The host page's address. */
  readonly pageUrl: string;
  /** Every line the proxy logged. */
  readonly logged: readonly string[];
  /** Starts another proxy on the same port and database, as after a restart. */
  restart(): Promise<void>;
}

const plainBody = `<polyai-callback endpoint="PROXY" phone="+14155550198" caller-id="+14155550199">
  <a id="own" href="tel:+14155550198">Call us</a></polyai-callback>
  <script async src="PROXY/polyai-callback.js"></script>`;

/** Starts everything; all of it is closed after the test. */
export async function startFixture(t: Pick<TestContext, 'after'>, options: E2eOptions = {}): Promise<E2eFixture> {
  const clock = fastClock(options.speed ?? 8, options.startsAt);
  const fakePolyAi = await createFakePolyAi({ ...credential, now: clock.now });
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-e2e-'));
  const logged: string[] = [];
  let html = '';
  const host = await hostPage(() => html, options.files ?? {});
  const origin = `http://127.0.0.1:${String((host.address() as AddressInfo).port)}`;
  const start = (port: number): Promise<RunningProxy> =>
    startProxy(
      {
        PORT: String(port),
        ...settingsFor(fakePolyAi),
        ALLOWED_ORIGINS: origin,
        ALLOWED_COUNTRIES: 'US,GB,AU',
        DATABASE_URL: `file:${folder}/e2e.db`,
        ...options.env,
      },
      { clock, writeLog: (line) => logged.push(line), print: (line) => logged.push(line) },
    );
  let proxy = await start(0);
  const policy = `default-src 'none'; script-src ${(options.scriptSources ?? 'PROXY').replaceAll('PROXY', proxy.url)}; connect-src ${proxy.url}; ${options.policy ?? ''}`;
  html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Host page</title><body>${(options.body ?? plainBody).replaceAll('PROXY', proxy.url)}</body></html>`;
  t.after(async () => {
    await proxy.close();
    await fakePolyAi.close();
    host.closeAllConnections();
    await new Promise((resolve) => host.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    clock,
    get proxy() {
      return proxy;
    },
    fakePolyAi,
    pageUrl: `${origin}/`,
    logged,
    restart: async () => {
      const { port } = proxy;
      await proxy.close();
      proxy = await start(port);
    },
  };
}

async function hostPage(html: () => string, files: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    if (file !== undefined) return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(file);
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** One visitor with their own page. */
export interface Visitor {
  readonly page: Page;
  readonly widget: Locator;
  /** Types a number, agrees and presses the button. */
  requestCall(number: string): Promise<void>;
  /** Waits until the widget shows this text anywhere. */
  reads(text: RegExp): Promise<void>;
  /** Waits until the widget shows this heading. */
  sees(heading: RegExp): Promise<void>;
  /** The element's events so far, as `name` or `name:outcome`. */
  events(): Promise<string[]>;
  /** Every heading shown so far, in order. */
  headings(): Promise<string[]>;
  /** Policy violations and uncaught errors on the page. */
  complaints(): Promise<string[]>;
}

/** Opens the host page and records its events, headings, violations and errors. */
export async function visit(
  pages: PageSource,
  fixture: E2eFixture,
  options: BrowserContextOptions & { readonly context?: BrowserContext } = {},
): Promise<Visitor> {
  const { context, ...rest } = options;
  const page = await (context ?? (await pages.context({ timezoneId: 'America/Los_Angeles', ...rest }))).newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(watchPage);
  await page.goto(fixture.pageUrl);
  const widget = page.locator('polyai-callback').first();
  return {
    page,
    widget,
    requestCall: async (number) => {
      await widget.getByLabel('Phone number').fill(number);
      await widget.getByRole('checkbox').check();
      await widget.getByRole('button', { name: 'Call me now' }).click();
    },
    sees: (heading) => widget.getByRole('heading', { name: heading }).first().waitFor(),
    reads: (text) => widget.getByText(text).filter({ visible: true }).first().waitFor(),
    events: () => page.evaluate(() => globalThis.seen.events),
    headings: () => page.evaluate(() => globalThis.seen.headings),
    complaints: async () => [...errors, ...(await page.evaluate(() => globalThis.seen.violations))],
  };
}

interface Seen {
  readonly events: string[];
  readonly headings: string[];
  readonly violations: string[];
}

declare global {
  var seen: Seen;
}

/** Runs in the page before anything else: transient states are recorded, because waiting for them would race. */
function watchPage(): void {
  const seen: Seen = { events: [], headings: [], violations: [] };
  globalThis.seen = seen;
  document.addEventListener('securitypolicyviolation', (event) => {
    seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  for (const name of ['requested', 'progress', 'scheduled', 'ended', 'refused', 'error'])
    document.addEventListener(`polyai-callback-${name}`, (event) => {
      const { status, outcome, code } = (event as CustomEvent<Record<string, string | undefined>>).detail;
      seen.events.push([name, status ?? outcome ?? code].filter(Boolean).join(':'));
    });
  const note = (): void => {
    const root = document.querySelector('polyai-callback')?.shadowRoot;
    for (const heading of root?.querySelectorAll('h2, h3, [role=heading]') ?? []) {
      const text = heading.textContent.trim();
      if (text !== '' && heading.checkVisibility() && seen.headings.at(-1) !== text) seen.headings.push(text);
    }
  };
  const observed = new WeakSet<Node>();
  const observe = (): void => {
    const root = document.querySelector('polyai-callback')?.shadowRoot;
    if (!root || observed.has(root)) return;
    observed.add(root);
    new MutationObserver(note).observe(root, { subtree: true, childList: true, characterData: true });
  };
  new MutationObserver(observe).observe(document, { subtree: true, childList: true });
  const untilThere = setInterval(() => {
    observe();
    if (document.querySelector('polyai-callback')?.shadowRoot) clearInterval(untilThere);
  }, 10);
}
