// The demo page's clock, as used to see a night, a scheduled callback that rings and a missed one within a minute.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startProxy } from '../../src/proxy/main.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

interface Demo {
  readonly page: Page;
  readonly widget: Locator;
  press(name: string): Promise<void>;
  sees(heading: RegExp): Promise<void>;
  /** Requests a call at night and chooses the first time. */
  choose(): Promise<void>;
}

async function demo(t: TestContext): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-clock-'));
  const silent = (): void => {};
  const proxy = await startProxy(
    { PORT: '0', DATABASE_URL: `file:${folder}/demo.db`, SANDBOX_TIME_SCALE: '20' },
    { writeLog: silent, print: silent },
  );
  t.after(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const page = await pages.page({ timezoneId: 'Europe/London' });
  await page.goto(proxy.url);
  const widget = page.locator('polyai-callback');
  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
  const sees = (heading: RegExp): Promise<void> => widget.getByRole('heading', { name: heading }).waitFor();
  return {
    page,
    widget,
    press,
    sees,
    choose: async () => {
      await widget.getByLabel('Phone number').fill('+442079460000');
      await widget.getByRole('checkbox').check();
      await widget
        .getByRole('button', { name: /Call me now|Choose a time/ })
        .first()
        .click();
      await sees(/When should we call\?/);
      await widget.getByRole('radio').first().check();
      await widget.getByRole('button', { name: 'Call me at this time' }).click();
      await sees(/Your call is set for/);
    },
  };
}

test('at night a time is chosen; when the clock reaches it, the phone rings', async (t) => {
  const { page, press, sees, choose } = await demo(t);
  await page.getByText('calling hours are off').waitFor();
  await press('Tonight, 11 PM');
  await page.getByText('11:00 PM').waitFor();
  await page.getByText('calling hours are set to “requested”').waitFor();
  await choose();
  await press('Jump to the chosen time');
  await sees(/The call has ended/);
  await press('Now, calling hours off');
  await page.getByText('real time').waitFor();
});

test('after the chosen time has passed, the page says that the call was missed', async (t) => {
  const { widget, press, choose } = await demo(t);
  await press('Tonight, 11 PM');
  await widget.page().getByText('11:00 PM').waitFor();
  await choose();
  await press('Jump two hours past it');
  await widget.getByText('We couldn’t call at the time you chose').filter({ visible: true }).first().waitFor();
});

test('on a closed Sunday it shows times, a message, or the page’s own link', async (t) => {
  const { page, press, sees, widget } = await demo(t);
  await press('Closed Sunday: show a message');
  await sees(/We’re closed right now/);
  assert.equal(await widget.getByLabel('Phone number').isVisible(), false);
  await press('Closed Sunday: offer times');
  await widget.getByRole('button', { name: 'Choose a time' }).waitFor();
  await page.getByText('the business is open Monday to Saturday').waitFor();
  await press('Closed Sunday: hide the form');
  await widget.getByRole('link', { name: /Call us/ }).waitFor();
  assert.equal(await widget.getByRole('heading').count(), 0);
});

test('the night the clocks change, the hour shown exists, and so do the times offered after it', async (t) => {
  const { page, press, widget } = await demo(t);
  await press('The night the clocks change');
  await page.getByText('calling hours are set to “requested”').waitFor();
  await page.getByText(/Sunday.* [12]:30 AM|Sunday.*12:30 AM/).waitFor();
  await widget.getByLabel('Phone number').fill('+442079460000');
  await widget.getByRole('checkbox').check();
  await widget.getByRole('button', { name: 'Call me now' }).click();
  await widget
    .getByText(/Sun.*8:00\sAM/)
    .first()
    .waitFor();
});
