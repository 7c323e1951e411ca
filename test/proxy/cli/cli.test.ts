// The commands in one process: what they print, their exit codes, and that a backup can be restored. Two connections to one file in one
// process wait for each other's locks without yielding, so most tests close the proxy first; process.test.ts runs commands beside one.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallAccepted } from '../../../src/contract.js';
import { runCli } from '../../../src/proxy/cli/cli.js';
import { csvLine, maskedE164 } from '../../../src/proxy/owner/call-records.js';
import { listCalls } from '../../../src/proxy/cli/call-listing.js';
import { type RunningProxy, startProxy } from '../../../src/proxy/main.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { migrations } from '../../../src/proxy/store/sqlite/schema.js';
import { fastClock } from '../../fixtures/clock.js';
import { callRequest, newKey } from '../fixtures/app.js';

interface Ran {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

async function cli(env: Record<string, string>, ...words: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(words, {
    env,
    print: (line) => out.push(line),
    note: (line) => err.push(line),
    serve: async () => void out.push('served'),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A sandbox with calls in its database, still running. */
async function running(
  t: TestContext,
  more: Record<string, string> = {},
): Promise<{
  folder: string;
  env: Record<string, string>;
  proxy: RunningProxy;
  post(phone: string, more?: object): Promise<CallAccepted>;
}> {
  const folder = folderOf(t);
  const env = { DATABASE_URL: `file:${folder}/test.db` };
  const proxy = await startProxy(
    { ...env, PORT: '0', CHALLENGE: 'none', SANDBOX_TIME_SCALE: '50', ...more },
    { writeLog: () => {}, print: () => {}, clock: fastClock(1) },
  );
  t.after(() => proxy.close());
  const post = async (phone: string, more: object = {}): Promise<CallAccepted> => {
    const response = await fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: proxy.url, 'Idempotency-Key': newKey() },
      body: JSON.stringify({ ...callRequest({ phone, country: 'US' }), page: 'https://www.example.com/a,b', ...more }),
    });
    assert.equal(response.status, 202, await response.clone().text());
    return (await response.json()) as CallAccepted;
  };
  return { folder, env, proxy, post };
}

/** A callback at a time that is offered. */
async function schedule({ proxy, post }: Awaited<ReturnType<typeof running>>, phone: string): Promise<CallAccepted> {
  const response = await fetch(`${proxy.url}/v1/slots`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: proxy.url },
    body: JSON.stringify({ phone }),
  });
  const { slots } = (await response.json()) as { slots: { at: string }[] };
  return post(phone, { scheduleAt: slots[3]?.at });
}

test('--help, --version, and mistakes on the command line have their own exit codes', async (t) => {
  const folder = folderOf(t);
  const help = await cli({}, '--help');
  assert.equal(help.code, 0);
  for (const command of ['serve', 'doctor', 'calls', 'export', 'erase', 'suppress', 'unsuppress', 'migrate', 'backup'])
    assert.match(help.out, new RegExp(`^  ${command} `, 'm'), command);
  assert.match((await cli({}, 'calls', '--help')).out, /--since <time>/);
  assert.match((await cli({}, 'help', 'backup')).out, /backup <folder>/);
  assert.match((await cli({}, '--version')).out, /^\d+\.\d+\.\d+/);
  for (const words of [['ring'], ['calls', '--colour'], ['calls', 'extra'], ['backup', 'a', 'b'], ['suppress']]) {
    const wrong = await cli({ DATABASE_URL: `file:${folder}/nothing.db` }, ...words);
    assert.equal(wrong.code, 2, words.join(' '));
  }
  assert.equal((await cli({}, 'serve')).out, 'served');
});

test('a settings file is read beneath the environment', async (t) => {
  const folder = folderOf(t);
  const file = join(folder, 'settings.env');
  writeFileSync(file, `# comment\nDATABASE_URL=file:${folder}/from-file.db\nSECRET_KEYS=\n`);
  assert.equal((await cli({}, '--env-file', file, 'migrate')).code, 0);
  assert.ok(existsSync(join(folder, 'from-file.db')), 'the file was not read');
  const over = await cli({ DATABASE_URL: `file:${folder}/over.db` }, 'migrate', '--env-file', file);
  assert.match(over.out, /over\.db/);
  const missing = await cli({}, 'migrate', '--env-file', join(folder, 'none'));
  assert.equal(missing.code, 2);
  assert.match(missing.err, /cannot be read \(ENOENT\)/);
});

test('calls and export show numbers masked unless asked', async (t) => {
  const world = await running(t);
  await world.post('+14155550101');
  await schedule(world, '+14155550188');
  await world.proxy.close();
  const table = await cli(world.env, 'calls');
  assert.equal(table.code, 0);
  assert.match(table.out, /^created +status/);
  assert.match(table.out, /\+14•+88/);
  for (const words of [
    ['calls'],
    ['calls', '--format', 'csv'],
    ['calls', '--format', 'jsonl'],
    ['export'],
    ['export', '--format', 'jsonl'],
  ]) {
    const { out } = await cli(world.env, ...words);
    assert.equal(out.includes('4155550188'), false, words.join(' '));
    assert.equal(
      (await cli(world.env, ...words, '--show-numbers')).out.includes('+14155550188'),
      true,
      words.join(' '),
    );
  }
});

test('filters, formats and the file of an export', async (t) => {
  const world = await running(t);
  const call = await world.post('+14155550101');
  await schedule(world, '+14155550188');
  await world.proxy.close();
  const rows = async (...words: string[]): Promise<readonly string[]> =>
    (await cli(world.env, 'export', ...words)).out.split('\n').slice(1);
  assert.equal((await rows()).length, 2);
  assert.deepEqual((await rows('--status', 'scheduled')).length, 1);
  assert.deepEqual(await rows('--since', '2040-01-01'), []);
  assert.equal((await rows('--until', '2040-01-01T00:00Z')).length, 2);
  assert.deepEqual(await rows('--site', 'https://elsewhere.example'), []);
  assert.equal((await rows('--site', world.proxy.url)).length, 2);
  // A comma inside a cell is quoted.
  assert.match((await rows()).join('\n'), /"https:\/\/www\.example\.com\/a,b"/);
  const lines = (await cli(world.env, 'export', '--format', 'jsonl')).out
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const first = lines.find(({ id }) => id === call.id);
  assert.ok(Array.isArray(first?.['journal']), 'no journal');
  assert.equal((first['consent'] as { source: string }).source, 'page');
  for (const [name, value] of [
    ['since', 'yesterday'],
    ['until', '2026-03-01T09:00'],
    ['status', 'ringing,levitating'],
    ['format', 'xml'],
  ] as const) {
    const wrong = await cli(world.env, 'export', `--${name}`, value);
    assert.equal(wrong.code, 2, name);
    assert.match(wrong.err, new RegExp(`^--${name}: expected`), name);
  }
  const file = join(world.folder, 'calls.csv');
  const written = await cli(world.env, 'export', '--output', file);
  assert.equal(written.out, '');
  assert.match(written.err, /Exported 2 calls/);
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 3);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal((await cli(world.env, 'export', '--output', file)).code, 1);
});

test('qualified calls are exported for each advertising platform, by click ID and without a number', async (t) => {
  const world = await running(t, { KEEP_ATTRIBUTION: 'true', SANDBOX_TIME_SCALE: '1' });
  const clickIds = { gclid: 'EAIaIQobChMI-example_01', fbclid: 'IwAR2F4-dbP0l7Mn1Iaw', msclkid: 'f894f652ea334e73' };
  const call = await world.post('+14155550101', { attribution: { ...clickIds, utm_campaign: 'spring' } });
  const short = await world.post('+14155550102', { attribution: clickIds });
  const unmatched = await world.post('+14155550103', { attribution: { wbraid: 'Cl4KCAjw-example' } });
  await world.proxy.close();
  const now = Date.now();
  const at = (seconds: number): string => new Date(now - 3_600_000 + seconds * 1_000).toISOString();
  const db = openConnection(join(world.folder, 'test.db'));
  for (const [{ id }, seconds] of [
    [call, 45],
    [short, 10],
    [unmatched, 45],
  ] as const) {
    const history = ['requested', 'in-progress', 'completed'].map((status, index) => ({
      seq: index + 1,
      status,
      at: at(index === 2 ? seconds : 0),
    }));
    db.prepare(`UPDATE calls SET stage = 'ended', status = 'completed', seq = 3, history = ? WHERE id = ?`).run([
      JSON.stringify(history),
      id,
    ]);
  }
  db.close();
  const time = at(0).slice(0, 19).replace('T', ' ');
  const google = await cli(world.env, 'export', '--conversions', 'google', '--name', 'Callback');
  assert.deepEqual(google.out.split('\n').slice(1), [
    'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
    `${clickIds.gclid},"Callback",${time},,`,
  ]);
  assert.match(
    google.err,
    /Exported 1 conversions for Google Ads\.\nLeft out: 1 qualified calls that have only gbraid or wbraid/,
  );
  const both = await cli(world.env, 'export', '--conversions', 'google', '--name', 'x', '--qualified-after', '5');
  assert.match(both.err, /Exported 2 conversions/);
  const microsoft = await cli(world.env, 'export', '--conversions', 'microsoft', '--name', 'Callback');
  assert.match(microsoft.out, /^Microsoft Click ID,.*\nf894f652ea334e73,"Callback",/m);
  const meta = JSON.parse((await cli(world.env, 'export', '--conversions', 'meta')).out) as {
    data: { event_id: string }[];
  };
  assert.deepEqual(
    meta.data.map(({ event_id: id }) => id),
    [`${call.id}-talked`],
  );
  for (const out of [google.out, microsoft.out, JSON.stringify(meta)]) assert.doesNotMatch(out, /4155550|"ph"/);
  const table = await cli(world.env, 'export');
  assert.match(table.out, /,spring,/);
  assert.doesNotMatch(table.out, /EAIaIQobChMI/);
  const access = await cli(world.env, 'export', '+14155550101');
  assert.match(access.out, /"gclid": "EAIaIQobChMI-example_01"/);
  const withoutKey = await cli(
    { ...world.env, SECRET_KEYS: `v9:${Buffer.alloc(32, 9).toString('base64')}` },
    'export',
    '--conversions',
    'meta',
  );
  assert.match(withoutKey.err, /Exported 0 conversions.*\nLeft out: 2 qualified calls that were encrypted with a key/);
  for (const words of [
    ['--conversions', 'yahoo'],
    ['--conversions', 'google'],
    ['--conversions', 'google', '--name', 'a', '--value', '1'],
    ['--conversions', 'google', '--name', 'a', '--value', '1,5', '--currency', 'EUR'],
    ['--conversions', 'google', '--name', 'a', '--qualified-after', 'soon'],
    ['--conversions', 'meta', '--consent', 'granted'],
    ['--conversions', 'meta', '--show-numbers'],
    ['--conversions', 'meta', '--format', 'csv'],
    ['--conversions', 'meta', '--disposition', 'sold'],
    ['--name', 'a'],
  ]) {
    const wrong = await cli(world.env, 'export', ...words);
    assert.equal(wrong.code, 2, words.join(' '));
    assert.match(wrong.err, /^--/);
  }
});

test('a relative time counts back from now, and long work reports its progress', async (t) => {
  const folder = folderOf(t);
  const env = { DATABASE_URL: `file:${folder}/test.db` };
  await cli(env, 'migrate');
  const db = openConnection(`${folder}/test.db`);
  const at = Date.UTC(2026, 2, 2, 12);
  const insert = db.prepare(
    `INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, changed)
     VALUES (?, 'ended', 'completed', 1, '[{"seq":1,"status":"completed","at":"2026-03-02T12:00:00.000Z"}]', 'https://a.example', 'v1-1:k', ?, ?)`,
  );
  db.exec('BEGIN');
  for (let index = 1; index <= 1_200; index += 1) insert.run([`call${String(index)}`, at - index * 60_000, index]);
  db.exec('COMMIT');
  db.close();
  const exported = await cli(env, 'export');
  assert.equal(exported.out.split('\n').length, 1_201);
  assert.equal(new Set(exported.out.split('\n')).size, 1_201, 'a call was exported twice');
  assert.deepEqual(exported.err.split('\n'), ['500 of 1200 calls', '1000 of 1200 calls', 'Exported 1200 calls.']);
  const out: string[] = [];
  const config = { database: { kind: 'file', path: `${folder}/test.db` } as const, keys: undefined };
  const note = (): void => {};
  const print = (line: string): void => void out.push(line);
  await listCalls({ config, options: { since: '1h', format: 'csv', limit: '900' }, print, note, now: () => at });
  assert.equal(out.length, 61);
});

test('a cell that a spreadsheet could run is text, and a number is not taken for one', () => {
  assert.equal(
    csvLine(['=HYPERLINK("x")', '@a', '-1', '+cmd', '+14155550100', '+14•••00', 'a\nb', 'a; =1', '＝1']),
    `"'=HYPERLINK(""x"")",'@a,'-1,'+cmd,+14155550100,+14•••00,"a\nb",a;' =1,'＝1`,
  );
  assert.equal(maskedE164('+14155550188'), '+14•••••••88');
});

test('a backup made while the proxy runs is restored with its keys: who opted out stays, and every call is there', async (t) => {
  const world = await running(t);
  const call = await world.post('+14155550101');
  assert.equal((await cli(world.env, 'suppress', '+14155550177')).code, 0);
  const folder = join(world.folder, 'backup');
  const made = await cli(world.env, 'backup', folder);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /Backed up 1 calls/);
  assert.deepEqual(readdirSync(folder).sort(), ['backup.json', 'polyai-callback.db', 'polyai-callback.db.keys']);
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  assert.equal((await cli(world.env, 'backup', folder)).code, 1, 'written over an older backup');
  await world.post('+14155550102');

  // As docs/operations/backup.md says.
  const restored = join(world.folder, 'restored');
  const env = { DATABASE_URL: `file:${restored}/callback.db` };
  await import('node:fs/promises').then(async ({ copyFile, mkdir }) => {
    await mkdir(restored);
    await copyFile(join(folder, 'polyai-callback.db'), join(restored, 'callback.db'));
    await copyFile(join(folder, 'polyai-callback.db.keys'), join(restored, 'callback.db.keys'));
  });
  const again = await startProxy(
    { ...env, PORT: '0', CHALLENGE: 'none' },
    { writeLog: () => {}, print: () => {}, clock: fastClock(1) },
  );
  t.after(() => again.close());
  const known = await fetch(`${again.url}/v1/calls/${call.id}`, { headers: { Authorization: `Bearer ${call.token}` } });
  assert.equal(known.status, 200, 'the capability of a call does not work');
  const suppressed = await cli(env, 'export', '+14155550177');
  assert.equal((JSON.parse(suppressed.out) as { suppressed: boolean }).suppressed, true);
  assert.equal((await cli(env, 'export')).out.split('\n').length, 2);
});

test('a backup without the keys is refused', async (t) => {
  const folder = folderOf(t);
  const env = { DATABASE_URL: `file:${folder}/test.db` };
  assert.match((await cli(env, 'backup', `${folder}/b`)).err, /nothing to back up/);
  await cli(env, 'migrate');
  const refused = await cli(env, 'backup', `${folder}/b`);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /without its keys/);
  const keys = `v1:${Buffer.alloc(32, 7).toString('base64')}`;
  const made = await cli({ ...env, SECRET_KEYS: keys }, 'backup', `${folder}/b`);
  assert.equal(made.code, 0, made.err);
  assert.deepEqual(readdirSync(`${folder}/b`).sort(), ['backup.json', 'polyai-callback.db']);
  assert.match(made.out, /SECRET_KEYS/);
  assert.equal(made.out.includes(keys), false);
});

test('migrate reports what it did, and --check changes nothing', async (t) => {
  const folder = folderOf(t);
  const env = { DATABASE_URL: `file:${folder}/old.db` };
  const db = openConnection(`${folder}/old.db`);
  db.exec(migrations[0] ?? '');
  db.exec(`PRAGMA application_id=${String(0x506f4362)}; PRAGMA user_version=1;`);
  db.close();
  const check = await cli(env, 'migrate', '--check');
  assert.equal(check.code, 1);
  assert.match(check.out, /has schema 1; this release needs/);
  assert.match((await cli(env, 'migrate')).out, /from schema 1 to schema/);
  assert.match((await cli(env, 'migrate')).out, /nothing to do/);
  assert.equal((await cli(env, 'migrate', '--check')).code, 0);
});
