// Takes screenshots of every phase of the widget, in light, dark, right to left, forced colors, large text and on a narrow screen:
// `npm run gallery [folder]`. They are for people to review; nothing is compared.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGallery } from './gallery-server.js';
import { deadlineMs, openBrowser } from './browser/page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? join(root, 'dist/gallery');

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
  /** Pixels; by default wide enough for four columns. */
  readonly width?: number;
  readonly size?: string;
}

await mkdir(folder, { recursive: true });
const gallery = await startGallery();
const pages = await openBrowser();
try {
  for (const sheet of sheets as readonly Sheet[]) {
    const tab = await pages.page({
      viewport: { width: sheet.width ?? 1500, height: 900 },
      colorScheme: sheet.dark === true ? 'dark' : 'light',
      forcedColors: sheet.forced === true ? 'active' : 'none',
      reducedMotion: 'reduce',
    });
    const { lang, dir, size, width } = sheet;
    await tab.goto(
      gallery.url({ ...(lang && { lang }), ...(dir && { dir }), ...(size && { size }), narrow: width !== undefined }),
    );
    tab.on('pageerror', ({ message }) => console.error(message));
    await tab.waitForSelector('[data-ready]', { timeout: 3 * deadlineMs, state: 'attached' });
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const file = join(folder, `${sheet.name}.png`);
    await tab.screenshot({ path: file, fullPage: true });
    // The part that the README shows.
    if (sheet.name === 'dark' && process.argv.includes('--readme'))
      await tab.screenshot({ path: `${root}demo/phases-dark.png`, clip: { x: 0, y: 0, width: 1500, height: 900 } });
    console.log(`${file}${overflow > 0 ? `  wider than the screen by ${String(overflow)} px` : ''}`);
    await tab.context().close();
  }
} finally {
  await pages.close();
  gallery.close();
}
