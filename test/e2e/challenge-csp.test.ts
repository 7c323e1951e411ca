// The built solver on pages with and without a content security policy; the proxy's own code verifies its answers. Page and proxy are
// two origins that exist only in the browser's request routing. Mutations that turn it red, in src/widget/challenge/solve-in-worker.ts:
// drop one of the `workerWays`; drop `onerror`; let `serve` or `keyFinder` refer to anything outside themselves.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createAltcha } from '../../src/proxy/challenge/altcha.js';
import type { ChallengeBinding } from '../../src/proxy/challenge/verification.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';

const built = fileURLToPath(new URL('../../dist/widget/polyai-callback-challenge.js', import.meta.url));
const binding: ChallengeBinding = { site: 'https://page.example', action: 'call', addressBucket: '203.0.113.9/32' };
const proxyOnly = "default-src 'none'; script-src PROXY; connect-src PROXY";

interface Case {
  readonly title: string;
  readonly page: string;
  readonly proxy: string;
  readonly policy?: string;
  readonly by: 'worker' | 'page';
  /** Directives the browser reports as violated. */
  readonly violated?: readonly string[];
}

const elsewhere = { page: 'https://page.example', proxy: 'https://proxy.example' };
const cases: readonly Case[] = [
  { ...elsewhere, title: 'without a policy', by: 'page' },
  {
    ...elsewhere,
    title: "whose policy allows only the proxy's origin",
    policy: proxyOnly,
    by: 'page',
  },
  {
    ...elsewhere,
    title: 'with Trusted Types',
    policy: `${proxyOnly}; require-trusted-types-for 'script'`,
    by: 'page',
  },
  {
    page: 'http://page.example',
    proxy: 'http://proxy.example',
    title: 'without TLS and with a policy that allows workers',
    policy: `${proxyOnly}; worker-src blob:`,
    by: 'worker',
  },
  {
    page: 'https://page.example',
    proxy: 'https://page.example',
    title: "on the proxy's own origin, with a policy",
    policy: "default-src 'none'; script-src 'self'; connect-src 'self'",
    by: 'worker',
  },
  { page: 'http://page.example', proxy: 'http://proxy.example', title: 'without TLS', by: 'worker' },
  {
    page: 'http://page.example',
    proxy: 'http://proxy.example',
    title: 'without TLS and with a policy',
    policy: proxyOnly,
    by: 'page',
    violated: ['worker-src'],
  },
];

let browser: PageSource;
before(async () => {
  assert.ok(existsSync(built), 'dist/widget is missing: run `npm run build` first');
  browser = await openBrowser();
});
after(() => browser.close());

for (const { title, page: origin, proxy, policy, by, violated = [] } of cases)
  test(`on a page ${title} the challenge is solved ${by === 'worker' ? 'in a worker' : "on the page's own thread"}`, async () => {
    // Cheap on purpose: this test is not about solving time.
    const altcha = createAltcha({
      secret: randomBytes(32),
      clock: { now: () => Date.now() },
      random: (size) => new Uint8Array(randomBytes(size)),
      iterations: 100,
      derivations: 50,
    });
    const puzzle = await altcha.issue(binding);
    const page = await browser.page();
    const errors: string[] = [];
    let workers = 0;
    page.on('worker', () => workers++);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.route('**/*', (route) => {
      const url = route.request().url();
      const headers = { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' };
      if (url === `${origin}/`)
        return route.fulfill({
          body: `<!doctype html><script src="${proxy}/start.js"></script>`,
          contentType: 'text/html',
          headers: policy === undefined ? {} : { 'content-security-policy': policy.replaceAll('PROXY', proxy) },
        });
      if (url === `${proxy}/start.js`) return route.fulfill({ headers, body: startScript(proxy, puzzle) });
      if (url === `${proxy}/polyai-callback-challenge.js`) return route.fulfill({ headers, body: readFileSync(built) });
      return route.fulfill({ status: 404 });
    });
    await page.goto(`${origin}/`);
    const { payload, seen } = await page.evaluate<{ payload: string; seen: string[] }>('window.result');
    assert.equal((await altcha.verify(payload, binding)).ok, true);
    assert.equal(workers > 0 ? 'worker' : 'page', by);
    assert.deepEqual(seen, violated);
    assert.deepEqual(errors, []);
    await page.context().close();
  });

function startScript(proxy: string, puzzle: unknown): string {
  return `
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    window.result = import('${proxy}/polyai-callback-challenge.js')
      .then((chunk) => chunk.solveChallenge({ kind: 'altcha', puzzle: ${JSON.stringify(puzzle)} }, new AbortController().signal))
      .then(({ payload }) => ({ payload, seen }));
  `;
}
