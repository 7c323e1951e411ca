// A visitor without a mouse: only Tab, Space, Enter, Escape and digits, from the form to the end of the call. Mutations that turn
// it red: a <div> as a button, a positive tabindex, focus not moved after the visitor's action or not restored by Escape.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

/** The focused control as a screen reader announces it: role and name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active || active === document.body) return 'the page';
    const { labels } = active as HTMLInputElement;
    const name = active.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? (active as HTMLElement).innerText;
    return `${active.localName}: ${name.replace(/\s+/g, ' ').trim()}`;
  });

/** Presses Tab until the control is focused; returns every control focused on the way. */
async function tabTo(page: Page, target: RegExp): Promise<string[]> {
  const passed: string[] = [];
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    passed.push(now);
    if (target.test(now)) return passed;
  }
  throw new Error(`no ${String(target)} among ${passed.join(', ')}`);
}

/** Waits until the widget moves the focus there. */
async function untilFocused(page: Page, target: RegExp): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (target.test(await focused(page))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.match(await focused(page), target);
}

const body = (attributes: string): string => `<a href="#before">Before</a>
  <polyai-callback endpoint="PROXY" phone="+14155550198" caller-id="+14155550199" ${attributes}></polyai-callback>
  <a href="#after">After</a><script async src="PROXY/polyai-callback.js"></script>`;

test('with the keyboard alone, from the form to the end of the call and on to the next one', async (t) => {
  const fixture = await startFixture(t, {
    body: body(''),
    // Another call at once is what is pressed for here; the wait for it is the widget tests' subject.
    env: { LIMIT_ADDRESS_PER_MINUTE: '10', LIMIT_ADDRESS_PER_HOUR: '20' },
  });
  const { page, widget, sees, reads } = await visit(pages, fixture);
  await reads(/I agree/);
  assert.deepEqual(await tabTo(page, /^input: Phone number/), [
    'a: Before',
    await focusOfCountry(page),
    'input: Phone number',
  ]);
  await page.keyboard.type('4155550101');
  await tabTo(page, /^input: I agree/);
  await page.keyboard.press('Space');
  assert.ok(await widget.getByRole('checkbox').isChecked());
  await tabTo(page, /^button: Call me now/);
  await page.keyboard.press('Enter');
  // The heading is focused, and later updates do not move the focus.
  await untilFocused(page, /^h2: /);
  await sees(/You missed our call/);
  assert.match(await focused(page), /^h2: You missed our call/);
  const status = await widget.getByRole('status').innerText();
  assert.match(status, /^You missed our call\. /);
  assert.deepEqual(await tabTo(page, /^a: After/), [
    'button: Call me again',
    'a: Call us instead: +1 415 555 0198',
    'button: Use a different number',
    'button: Save our number',
    'a: After',
  ]);
  for (let back = 0; back < 2; back += 1) await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /Use a different number/);
  await page.keyboard.press('Space');
  await untilFocused(page, /^(?:h2|input: Phone|select)/);
});

test('an error moves the focus to its field and is announced there', async (t) => {
  const fixture = await startFixture(t, { body: body('') });
  const { page, widget, reads } = await visit(pages, fixture);
  await reads(/I agree/);
  await tabTo(page, /^input: Phone number/);
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await untilFocused(page, /^input: Phone number/);
  await reads(/too short/);
  const field = widget.getByLabel('Phone number');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const described = await field.evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => (input.getRootNode() as ShadowRoot).getElementById(id)?.textContent ?? '')
      .join(' '),
  );
  assert.match(described, /too short/);
});

test('the floating panel opens, closes and restores the focus with the keyboard', async (t) => {
  const fixture = await startFixture(t, { body: body('variant="floating"') });
  const { page, widget, reads } = await visit(pages, fixture);
  await reads(/Get a call/);
  await tabTo(page, /^button: Get a call/);
  await page.keyboard.press('Enter');
  await untilFocused(page, /^h2: Get a call now/);
  await page.keyboard.press('Escape');
  await untilFocused(page, /^button: Get a call/);
  assert.equal(await widget.getByRole('heading').filter({ visible: true }).count(), 0);
  await page.keyboard.press('Space');
  await untilFocused(page, /^h2: /);
  await tabTo(page, /^input: Phone number/);
  await page.keyboard.type('4155550100');
  await tabTo(page, /^input: I agree/);
  await page.keyboard.press('Space');
  // Enter in a field submits too.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await reads(/The call has ended/);
  await page.keyboard.press('Escape');
  await untilFocused(page, /^button: Get a call/);
});

/** The country list's label, whatever country it shows: this test is not about that. */
async function focusOfCountry(page: Page): Promise<string> {
  const name = await page
    .locator('polyai-callback')
    .getByRole('combobox')
    .evaluate((list) => (list as HTMLSelectElement).labels[0]?.textContent ?? '');
  return `select: ${name.trim()}`;
}
