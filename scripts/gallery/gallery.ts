// Takes screenshots of every phase of the widget, in light, dark, right to left, forced colors, large text and on a narrow screen:
// `npm run gallery [folder]`; with `--languages` or `--languages=fi,it`, in each language as on a 320 px screen instead.
// They are for people to review; nothing is compared.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseLanguage, languages } from '../../src/widget/i18n/languages.js';
import { startGallery } from './server.js';
import { deadlineMs, openBrowser } from '../browser/page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
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

/** The languages with `--languages`: four columns of cards, each as wide as on a 320 px screen, in pictures of two rows. */
const languageColumns = 4;
const cardWidth = 288;

await mkdir(folder, { recursive: true });
const gallery = await startGallery();
const pages = await openBrowser();
try {
  const option = process.argv.find((word) => /^--languages\b/.test(word));
  if (option === undefined) await takeSheets();
  else await takeLanguages(option.split('=')[1]?.split(',') ?? ['en', ...Object.keys(languages)]);
} finally {
  await pages.close();
  gallery.close();
}

async function takeSheets(): Promise<void> {
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
}

async function takeLanguages(codes: readonly string[]): Promise<void> {
  for (const lang of codes) {
    const width = languageColumns * (cardWidth + 24) + 8;
    const tab = await pages.page({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const dir = lang === 'ar' || lang === 'he' ? 'rtl' : 'ltr';
    await tab.goto(gallery.url({ lang: chooseLanguage([lang]).locale, dir }));
    await tab.waitForSelector('[data-ready]', { timeout: 3 * deadlineMs, state: 'attached' });
    // Rows instead of columns, so that no card is cut by the end of a picture.
    await tab.addStyleTag({
      content: `main { columns: auto; display: grid; grid-template-columns: repeat(${String(languageColumns)}, ${String(cardWidth)}px); gap: 24px }`,
    });
    const tops = await tab.evaluate(
      (columns) =>
        [...document.querySelectorAll('figure')]
          .filter((_, at) => at % (2 * columns) === 0)
          .map((figure) => figure.getBoundingClientRect().top + scrollY),
      languageColumns,
    );
    const end = await tab.evaluate(() => document.documentElement.scrollHeight);
    for (const [at, top] of tops.entries()) {
      const file = join(folder, `${lang}-${String(at + 1)}.png`);
      const clip = { x: 0, y: top - 8, width, height: (tops[at + 1] ?? end) - top };
      await tab.screenshot({ path: file, fullPage: true, clip });
      console.log(file);
    }
    await tab.context().close();
  }
}
