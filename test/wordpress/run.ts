// `node --import tsx test/wordpress/run.ts`: tries the snippets in a real WordPress with a block and a classic theme, as an
// administrator and as an editor without `unfiltered_html`, and prints what works for which user. Not part of `npm test`: it needs
// Debian's packages wordpress, php-cli, php-mysql, mariadb-server and the themes twentytwentyone and twentytwentytwo.
// Requires `npm run build`. `--stored`: only what WordPress keeps, without a browser;
// `--editor`: only the pages made by hand.
//
// Pages are made twice: through the REST API for every snippet (trial.php), and by hand for the one for pages, as each user in the
// editor itself: pasted, published, opened as a visitor.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plain, type Settings } from '../../demo/configurator/settings.js';
import { snippet } from '../../demo/configurator/snippets.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startProxy } from '../../src/proxy/main.js';

interface Page {
  readonly role: string;
  readonly snippet: string;
  readonly editor: string;
  readonly id: number;
  readonly stored: string;
}

const isStoredOnly = process.argv.includes('--stored');
const isEditorOnly = process.argv.includes('--editor');
const source = '/usr/share/wordpress';
if (!existsSync(source))
  throw new Error(`${source} does not exist: apt-get install wordpress php-cli php-mysql mariadb-server`);
const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-wordpress-'));
const root = `${folder}/site`;
const socket = `${folder}/db.sock`;
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];

try {
  const port = await freePort();
  const site = `http://127.0.0.1:${String(port)}`;
  const silent = (): void => {};
  const proxy = await startProxy(
    { PORT: '0', DATABASE_URL: `file:${folder}/calls.db`, ALLOWED_ORIGINS: site, SANDBOX_TIME_SCALE: '20' },
    { writeLog: silent, print: silent },
  );
  closing.unshift(() => proxy.close());
  await startDatabase();
  cpSync(source, root, { recursive: true, dereference: true });
  rmSync(`${root}/wp-config.php`, { force: true });
  writeFileSync(`${root}/wp-config.php`, wpConfig());
  const settings: Settings = {
    ...plain,
    endpoint: proxy.url,
    phone: '+1 415 555 0198',
    privacyUrl: 'https://www.example.com/privacy?a=1&b=2',
    texts: { heading: 'Talk to “us” & win' },
    styles: { accent: '#0d6b4f' },
  };
  const [once = '', page = ''] = snippet('div', settings, { wide: 38, narrow: 44 })
    .split(/<!-- (?:Once|On) .* -->\n/)
    .slice(1);
  const snippets = {
    element: snippet('element', settings),
    script: snippet('script', settings),
    'div, for the page': page.replaceAll(/<!-- \/?wp:html -->\n?/g, '').trim(),
    iframe: `<iframe src="${proxy.url}/c/spring/frame" title="Request a call" style="border:0;width:100%;height:38em"></iframe>`,
    link: `<a href="${proxy.url}/c/spring">Request a call</a>`,
  };
  const input = `${folder}/input.json`;
  writeFileSync(input, JSON.stringify({ snippets, script: once.trim() }));
  const trial = fileURLToPath(new URL('trial.php', import.meta.url));
  const run = spawnSync('php', ['-d', 'display_errors=stderr', trial, root, site, input], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`trial.php ended with ${String(run.status)}\n${run.stdout}\n${run.stderr}`);
  const { version, pages } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as {
    readonly version: string;
    readonly pages: readonly Page[];
  };
  console.log(`WordPress ${version}\n`);
  for (const page of pages) console.log(`${nameOf(page).padEnd(44)} ${keptOf(page.stored)}`);
  if (!isStoredOnly) await tryPages(site, port, pages, page.trim());
} finally {
  for (const close of closing) await close();
}

/** Opens every page in both themes, and places a call where there is a form. */
async function tryPages(site: string, port: number, pages: readonly Page[], pattern: string): Promise<void> {
  const env = { ...process.env, PHP_CLI_SERVER_WORKERS: '4' };
  const server = spawn('php', ['-S', `127.0.0.1:${String(port)}`, '-t', root], {
    stdio: 'ignore',
    env,
    detached: true,
  });
  // Its workers are processes of the same group.
  closing.unshift(() => server.pid !== undefined && process.kill(-server.pid));
  const browser = await openBrowser();
  closing.unshift(() => browser.close());
  // The classic theme first: a theme without sidebars makes WordPress put the widgets away.
  for (const theme of ['twentytwentyone', 'twentytwentytwo']) {
    query(`UPDATE wordpress.wp_options SET option_value = '${theme}' WHERE option_name IN ('template', 'stylesheet')`);
    console.log(`\n${theme}`);
    for (const page of isEditorOnly ? [] : pages) {
      console.log(`${nameOf(page).padEnd(44)} ${await visit(browser, `${site}/?page_id=${String(page.id)}`)}`);
    }
    for (const user of ['administrator', 'editor']) {
      const url = await publishInEditor(browser, site, user, pattern);
      console.log(`${`${user}: pasted into the block editor`.padEnd(44)} ${await visit(browser, url)}`);
    }
  }
}

/** Opens a page as a visitor, and places a call where there is a form. */
async function visit(browser: PageSource, url: string): Promise<string> {
  const tab = await browser.page();
  await tab.goto(url);
  const element = tab.locator('polyai-callback');
  const form = element.getByLabel('Phone number');
  let result = 'no form';
  try {
    await form.waitFor({ timeout: 6_000 });
    await form.fill('+1 415 555 0100');
    await element.getByRole('checkbox').check();
    await element.locator('[part~=submit]').click();
    await element.getByText('The call has ended').first().waitFor({ timeout: 20_000 });
    result = `${String(await element.count())} form, the call ended`;
  } catch (error) {
    if (await form.isVisible().catch(() => false)) result = `a form, but no call: ${String(error).slice(0, 80)}`;
  }
  const link = await tab.locator('a[href*="/c/spring"]').count();
  await tab.context().close();
  return `${result}${link > 0 ? ', a link' : ''}`;
}

/** Signs in, pastes the code into a new page, publishes it, and returns its URL. */
async function publishInEditor(browser: PageSource, site: string, user: string, code: string): Promise<string> {
  const tab = await browser.page({ viewport: { width: 1400, height: 900 } });
  await tab.goto(`${site}/wp-login.php`);
  await tab.locator('#user_login').fill(user);
  await tab.locator('#user_pass').fill('trial-password');
  await tab.locator('#wp-submit').click();
  await tab.waitForURL(/wp-admin/);
  await tab.goto(`${site}/wp-admin/post-new.php?post_type=page`);
  const welcome = tab
    .getByRole('button', { name: 'Close dialog' })
    .or(tab.getByRole('button', { name: 'Close', exact: true }));
  const title = tab.getByLabel('Add title');
  await title.waitFor();
  await welcome
    .first()
    .click({ timeout: 4_000 })
    .catch(() => {});
  await title.fill(`Pasted by ${user}`);
  await title.press('Enter');
  await tab.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, code);
  const kinds = await tab
    .locator('[data-type]')
    .evaluateAll((blocks) => blocks.map((block) => block.getAttribute('data-type')));
  if (!kinds.includes('core/html')) console.log(`  pasted as: ${kinds.join(', ')}`);
  await tab.locator('.editor-post-publish-button__button, .editor-post-publish-panel__toggle').first().click();
  await tab.locator('.editor-post-publish-panel .editor-post-publish-button').click();
  const view = tab.locator('.post-publish-panel__postpublish-buttons a, .components-snackbar a').first();
  await view.waitFor();
  const url = (await view.getAttribute('href')) ?? '';
  await tab.context().close();
  return url;
}

function nameOf({ role, snippet: name, editor }: Page): string {
  return `${role}: ${name}, ${editor} editor`;
}

function keptOf(stored: string): string {
  const parts = [
    '<style',
    '<script',
    '<polyai-callback',
    'data-polyai-callback',
    'data-text-heading',
    '<iframe',
    '<a href="http',
  ];
  return parts.filter((part) => stored.includes(part)).join(' ') || 'nothing';
}

function wpConfig(): string {
  return `<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:${socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`;
}

async function startDatabase(): Promise<void> {
  const data = `${folder}/db`;
  mkdirSync(data);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const made = spawnSync(
    'mariadb-install-db',
    [`--datadir=${data}`, '--auth-root-authentication-method=normal', ...user],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  const server = spawn(
    'mariadbd',
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      '--skip-networking',
      `--pid-file=${folder}/db.pid`,
      ...user,
    ],
    {
      stdio: 'ignore',
    },
  );
  closing.unshift(async () => {
    server.kill();
    await new Promise((resolve) => server.once('exit', resolve));
  });
  for (let tries = 0; tries < 100; tries += 1) {
    if (existsSync(socket) && query('CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4') === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `the database did not start\n${existsSync(`${data}/error.log`) ? readFileSync(`${data}/error.log`, 'utf8') : ''}`,
  );
}

function query(sql: string): number | null {
  return spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-u', 'root', '-e', sql], { stdio: 'ignore' })
    .status;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
