// Pages that do not run the script as it was shipped: optimizers bundle, rename or inline it, and frames sandbox it. The chunks are
// found at the endpoint. The mutation that turns it red: look for chunks beside the script alone.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type E2eFixture, startFixture, type Visitor, visit } from './fixture.js';

let pages: PageSource;
let code: string;
before(async () => {
  code = readFileSync(new URL('../../dist/widget/polyai-callback.js', import.meta.url), 'utf8');
  pages = await openBrowser();
});
after(() => pages.close());

const element = '<polyai-callback endpoint="PROXY"></polyai-callback>';

async function works(visitor: Visitor, fixture: E2eFixture): Promise<void> {
  await visitor.requestCall('+1 415 555 0100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
}

describe('the script of a page', () => {
  for (const [way, path, before] of [
    ['renamed', '/assets/a1b2c3.js', ''],
    ['bundled behind other code', '/assets/site.min.js', 'globalThis.other = 1;\n'],
  ] as const)
    test(`${way} finds its chunks at the endpoint`, async (t) => {
      const fixture = await startFixture(t, {
        body: `${element}<script async src="${path}"></script>`,
        files: { [path]: `${before}${code}` },
        scriptSources: "'self' PROXY",
      });
      await works(await visit(pages, fixture), fixture);
    });

  test('inlined finds its chunks at the endpoint', async (t) => {
    const hash = createHash('sha256').update(code).digest('base64');
    const fixture = await startFixture(t, {
      body: `${element}<script>${code}</script>`,
      scriptSources: `'sha256-${hash}' PROXY`,
    });
    await works(await visit(pages, fixture), fixture);
  });

  test('in a blob finds its chunks at the endpoint', async (t) => {
    const load = `const script = document.createElement('script');
      script.src = URL.createObjectURL(new Blob([${JSON.stringify(code)}], { type: 'text/javascript' }));
      document.head.append(script);`;
    const fixture = await startFixture(t, {
      body: `${element}<script src="/load.js"></script>`,
      files: { '/load.js': load },
      scriptSources: "'self' blob: PROXY",
    });
    await works(await visit(pages, fixture), fixture);
  });
});

test('a frame that may not submit forms can request a call, with the button and with Enter', async (t) => {
  const fixture = await startFixture(t, {
    body: `<iframe sandbox="allow-scripts allow-same-origin" srcdoc='${element}<script async src="PROXY/polyai-callback.js"></script>'></iframe>`,
  });
  const { page } = await visit(pages, fixture);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Call me now' }).click();
  await frame.getByText('Enter the phone number').first().waitFor();
  await frame.getByLabel('Phone number').fill('+1 415 555 0100');
  await frame.getByRole('checkbox').check();
  await frame.getByLabel('Phone number').press('Enter');
  await frame.getByRole('heading', { name: /The call has ended/ }).waitFor();
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('a page that declared `var polyaiCallback` itself can open the element', async (t) => {
  const fixture = await startFixture(t, {
    body: '<script src="/before.js"></script><script async src="PROXY/polyai-callback.js?variant=floating"></script>',
    files: { '/before.js': "var polyaiCallback = [['open']];" },
    scriptSources: "'self' PROXY",
  });
  const visitor = await visit(pages, fixture);
  await visitor.widget.getByLabel('Phone number').waitFor();
  await visitor.page.evaluate(() => globalThis.polyaiCallback.close());
  await visitor.widget.getByLabel('Phone number').waitFor({ state: 'hidden' });
  await visitor.page.evaluate(() => globalThis.polyaiCallback.open());
  await visitor.widget.getByLabel('Phone number').waitFor();
});
