// `npm run screenshots`: plays one call on the running demo and writes its phases side by side to demo/phases.png, the
// picture at the top of the README. Requires `npm run build`. Checks nothing; a person reviews the picture.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProxy } from '../../src/proxy/main.js';
import { openBrowser } from '../browser/page.js';

const output = fileURLToPath(new URL('../../demo/phases.png', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-screenshots-'));
const silent = (): void => {};
const proxy = await startProxy(
  { PORT: '0', DATABASE_URL: `file:${folder}/screenshots.db` },
  { writeLog: silent, print: silent },
);
const pages = await openBrowser();
const pictures: string[] = [];
try {
  const page = await pages.page({
    viewport: { width: 1100, height: 900 },
    deviceScaleFactor: 2,
    timezoneId: 'America/New_York',
  });
  await page.goto(proxy.url);
  const widget = page.locator('polyai-callback');
  const take = async (heading?: RegExp): Promise<void> => {
    if (heading) await widget.getByRole('heading', { name: heading }).waitFor();
    pictures.push((await widget.screenshot({ animations: 'disabled' })).toString('base64'));
  };
  await widget.getByLabel('Phone number').fill('+1 415 555 0100');
  await widget.getByText('+1 415 555 0100').first().waitFor();
  await widget.getByRole('checkbox').check();
  await take();
  await widget.getByRole('button', { name: 'Call me now' }).click();
  await take(/Answer your phone/);
  await take(/Call in progress/);
  await take(/The call has ended/);

  const sheet = await pages.page({ viewport: { width: 1640, height: 640 } });
  const cards = pictures.map((data) => `<img src="data:image/png;base64,${data}">`).join('');
  await sheet.setContent(
    `<style>body{margin:0;padding:20px;display:flex;gap:20px;align-items:flex-start;background:#eef2f1}img{width:385px}</style>${cards}`,
  );
  await sheet.locator('img').last().waitFor();
  await sheet.locator('body').screenshot({ path: output });
  console.log(`${String(pictures.length)} phases in demo/phases.png`);
} finally {
  await pages.close();
  await proxy.close();
  rmSync(folder, { recursive: true, force: true });
}
