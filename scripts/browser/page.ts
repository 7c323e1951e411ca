// Starts the browser for the end-to-end tests and opens pages in it. It knows nothing about the widget or the proxy.

import type { TestContext } from 'node:test';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findBrowser } from './find-browser.js';

/** The longest wait in a test: generous, because slow cores may be busy with everything else. */
export const deadlineMs = 30_000;

const shiftMs = Number(process.env['TEST_CLOCK_SHIFT_MS'] ?? 0);

/** A running browser. Each page has its own cookies and storage unless it shares a context. */
export interface PageSource {
  /** A page in a fresh context. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** A fresh context, for several pages of one visitor. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts a browser. Given a test (or the `t` of a suite's `before`), it is closed after it.
 *
 * @example
 * const pages = await openBrowser();
 * after(() => pages.close());
 * const page = await pages.page();
 */
export async function openBrowser(t?: Pick<TestContext, 'after'>): Promise<PageSource> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: [...args], env: { ...env }, timeout: deadlineMs });
  const context = async (options?: BrowserContextOptions): Promise<BrowserContext> => {
    const made = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', ...options });
    made.setDefaultTimeout(deadlineMs);
    // The tests' compiler wraps functions in a `__name` helper that pages do not have.
    await made.addInitScript('globalThis.__name = (value) => value');
    // When the tests run at another hour (scripts/clock), so do pages.
    if (shiftMs !== 0) await made.addInitScript(shiftDate, shiftMs);
    return made;
  };
  const source: PageSource = {
    browser,
    context,
    page: async (options) => (await context(options)).newPage(),
    close: () => browser.close(),
  };
  t?.after(() => source.close());
  return source;
}

/** Runs in the page before its scripts: shifts `Date`, as scripts/clock/shift.js does in Node. */
function shiftDate(by: number): void {
  const RealDate = Date;
  const now = (): number => RealDate.now() + by;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}
