// Every phase in light, dark and forced colors, left to right and right to left, wide and 320 px, with text at 100% and 200%:
// axe violations and layout overflow; then every language at 320 px. It is an end-to-end test because the widget tests' browser
// driver cannot emulate forced colors. Mutations that turn it red: a thirty-letter word on a button, a fixed width or height in
// polyai-callback.styles.ts, a color with less contrast, a label without `for`, a live region that is a paragraph (hidden while empty).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { chooseLanguage, languages } from '../../src/widget/i18n/languages.js';
import { axeFindings, misfits } from '../fixtures/examine.js';
import { type Gallery, startGallery } from '../../scripts/gallery/server.js';
import { deadlineMs, openBrowser, type PageSource } from '../../scripts/browser/page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let pages: PageSource;
let gallery: Gallery;
let page: Page;

before(async () => {
  pages = await openBrowser();
  gallery = await startGallery();
  page = await pages.page({ reducedMotion: 'reduce', viewport: { width: 320, height: 800 } });
  await page.goto(gallery.url({ narrow: true }));
  await page.waitForSelector('[data-ready]', { timeout: 3 * deadlineMs, state: 'attached' });
  await page.evaluate(axe);
});
after(async () => {
  await pages.close();
  gallery.close();
});

test('the page shows every phase', async () => {
  assert.ok((await page.locator('figure').count()) >= 24);
});

for (const [lang, dir] of [
  ['en', 'ltr'],
  ['ar', 'rtl'],
] as const)
  for (const width of [320, 800])
    for (const size of ['100%', '200%'])
      test(`${dir}, ${String(width)} px, text at ${size}: accessible in light, dark and forced colors, and nothing overflows`, async () => {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(
          async ([lang, dir, size]) => {
            document.documentElement.style.fontSize = size;
            await (globalThis as unknown as { setLanguage(lang: string, dir: string): Promise<void> }).setLanguage(
              lang,
              dir,
            );
          },
          [lang, dir, size] as const,
        );
        assert.deepEqual(await page.evaluate(misfits), []);
        for (const [name, media] of Object.entries({
          light: { colorScheme: 'light', forcedColors: 'none' },
          dark: { colorScheme: 'dark', forcedColors: 'none' },
          'forced colors': { colorScheme: 'light', forcedColors: 'active' },
        } as const)) {
          await page.emulateMedia(media);
          assert.deepEqual(await page.evaluate(axeFindings), [], name);
        }
      });

for (const code of Object.keys(languages))
  test(`${code}: every phase fits in 320 px`, async () => {
    const { locale } = chooseLanguage([code]);
    const dir = /^(?:ar|he)$/.test(code) ? 'rtl' : 'ltr';
    await page.setViewportSize({ width: 320, height: 800 });
    await page.evaluate(
      async ([lang, dir]) => {
        document.documentElement.style.fontSize = '100%';
        await (globalThis as unknown as { setLanguage(lang: string, dir: string): Promise<void> }).setLanguage(
          lang,
          dir,
        );
      },
      [locale, dir] as const,
    );
    assert.deepEqual(await page.evaluate(misfits), []);
  });
