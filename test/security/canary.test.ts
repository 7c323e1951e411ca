// Sends unmistakable canaries (a number, a token, a credential, secrets) through everything the proxy does: calls of every outcome,
// refusals, faults, streams, webhooks, CLI commands, a kill. Then searches all output for them: log, startup report, responses,
// streams, database files with their journals, built files. None may be found, except the token in its own 202.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { createFakePolyAi, faultNumbers } from '../../src/proxy/sandbox/fake-polyai.js';
import { endsIn, triggerFault } from '../../src/proxy/sandbox/fake-polyai/script.js';
import type { CallAccepted } from '../../src/contract.js';
import { startProxy } from '../../src/proxy/main.js';
import { callRequest, newKey } from '../proxy/fixtures/app.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';
import { fastClock } from '../fixtures/clock.js';
import { builtProxy, origin, startProcess, wideOpen } from '../crash/proxy-process.js';
import { childEnv } from '../fixtures/child-env.js';

const run = promisify(execFile);
const number = '+442079460731';
const account = { accountId: 'acme', projectId: 'callbacks' } as const;
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

interface Canaries {
  readonly connectorId: string;
  readonly webhookSecret: string;
  readonly secretKeys: string;
  /** Name → forms in which it would appear. */
  readonly needles: Map<string, readonly (string | Buffer)[]>;
  /** Adds a value that was issued or sent, and must be found nowhere else. */
  add(name: string, value: string): void;
}

function createCanaries(): Canaries {
  const connectorId = `connector-canary-${randomBytes(12).toString('hex')}`;
  const webhook = randomBytes(32);
  const key = randomBytes(32);
  const digest = createHash('sha256').update(number).digest();
  const forms = (name: string, bytes: Buffer): [string, readonly (string | Buffer)[]] => [
    name,
    [bytes, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')],
  ];
  const needles = new Map<string, readonly (string | Buffer)[]>([
    [
      'number',
      ['442079460731', '2079460731', '79460731', '7946 0731', Buffer.from(number).toString('base64').slice(0, 14)],
    ],
    forms('unkeyed hash of the number', digest),
    ['connector id', [connectorId, Buffer.from(connectorId).toString('base64').slice(0, 40)]],
    forms('webhook secret', webhook),
    forms('key material', key),
  ]);
  return {
    connectorId,
    webhookSecret: `whsec_${webhook.toString('base64')}`,
    secretKeys: `v1:${key.toString('base64')}`,
    needles,
    add: (name, value) => void needles.set(`${name} ${String(needles.size)}`, [value]),
  };
}

function assertAbsent({ needles }: Canaries, where: string, haystack: string | Buffer): void {
  const bytes = Buffer.from(haystack);
  for (const [name, forms] of needles)
    for (const form of forms) {
      const at = bytes.indexOf(form);
      assert.equal(at, -1, `${name} in ${where}: …${bytes.subarray(Math.max(0, at - 80), at + 20).toString('latin1')}`);
    }
}

function assertFilesAreClean(canaries: Canaries, folder: string): void {
  const files = readdirSync(folder);
  assert.ok(files.some((name) => name.endsWith('.db')));
  for (const name of files) assertAbsent(canaries, name, readFileSync(join(folder, name)));
}

test('no flow leaves a trace of a number, token, credential, key or secret', async (t) => {
  const canaries = createCanaries();
  const fakePolyAi = await createFakePolyAi({ ...account, connectorId: canaries.connectorId, timeScale: 100 });
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-canary-'));
  const out: string[] = [];
  const clock = fastClock(1);
  const proxy = await startProxy(
    {
      ...wideOpen,
      PORT: '0',
      LIMIT_NUMBER_PER_DAY: '10',
      LIMIT_NUMBER_PER_10_MINUTES: '10',
      POLYAI_BASE_URL: fakePolyAi.url,
      POLYAI_ACCOUNT_ID: account.accountId,
      POLYAI_PROJECT_ID: account.projectId,
      POLYAI_CONNECTOR_ID: canaries.connectorId,
      ALLOWED_COUNTRIES: 'GB,US',
      HOURS_PROFILE: 'requested',
      WEBHOOK_SECRET: canaries.webhookSecret,
      SECRET_KEYS: canaries.secretKeys,
      METADATA_KEYS: 'note',
      DATABASE_URL: `file:${folder}/canary.db`,
    },
    // Office hours, whatever the machine's clock says: this flow respects the calling hours of a British number.
    { clock, writeLog: (line) => out.push(line), print: (line) => out.push(line) },
  );
  let isClosed = false;
  t.after(async () => {
    if (!isClosed) await proxy.close();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let visitors = 0;
  const answers: string[] = [];
  const record = async (response: Response, secret?: string): Promise<string> => {
    const text = await withDeadline(response.text());
    answers.push(JSON.stringify([...response.headers]), secret === undefined ? text : text.replaceAll(secret, ''));
    return text;
  };
  const send = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<string> => {
    visitors += 1;
    const headers = { Origin: origin, 'X-Forwarded-For': `100.64.0.${String(visitors)}`, ...init.headers };
    return record(await fetch(`${proxy.url}${path}`, { ...init, headers }));
  };
  const requestCall = async (phone: string, over: object = {}, key = newKey()): Promise<CallAccepted | undefined> => {
    visitors += 1;
    canaries.add('idempotency key', key);
    const request = {
      ...callRequest({ phone, country: phone.startsWith('+44') ? 'GB' : 'US' }),
      page: `https://www.example.com/contact?phone=${encodeURIComponent(number)}#${number}`,
      attribution: { utm_source: number, utm_campaign: canaries.connectorId, other: number },
      metadata: { note: `call ${number}`, secret: canaries.connectorId },
      ...over,
    };
    const response = await fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: origin,
        'Idempotency-Key': key,
        'X-Forwarded-For': `100.64.1.${String(visitors)}`,
      },
      body: JSON.stringify(request),
    });
    const token = response.status === 202 ? ((await response.clone().json()) as CallAccepted).token : undefined;
    const text = await record(response, token);
    if (token === undefined) return undefined;
    canaries.add('token', token);
    return JSON.parse(text) as CallAccepted;
  };
  const bearer = (call: CallAccepted): Record<string, string> => ({ Authorization: `Bearer ${call.token}` });

  // The number through every outcome. Its allowance is ten; in between it is in flight or in its cool-down, which is another
  // flow.
  const own = [
    await requestCall(number),
    await requestCall(number, { international: false, timeZone: 'America/New_York' }),
    await requestCall(number, { metadata: { note: '\u202e'.repeat(9) + number } }),
  ][0];
  assert.ok(own);
  await send(`/v1/calls/${own.id}/events`, { headers: bearer(own) });
  await send(`/v1/calls/${own.id}`, { headers: bearer(own) });
  await send(`/v1/calls/${own.id}/events`, { headers: { ...bearer(own), 'Last-Event-ID': '99999' } });
  await send(`/v1/calls/${own.id}`, { method: 'DELETE', headers: bearer(own) });
  for (const script of [endsIn('busy', 10), triggerFault({ kind: 'reset' }, true)]) {
    fakePolyAi.script(number, script);
    const call = await requestCall(number);
    if (call) await send(`/v1/calls/${call.id}/events`, { headers: bearer(call) });
  }
  const key = newKey();
  await requestCall('+442079460321', {}, key);
  await requestCall('+442079460321', {}, key);
  await requestCall('+442079460322', {}, key);

  // A scheduled callback.
  const offered = JSON.parse(
    await send('/v1/slots', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ phone: '+442079460001' }),
    }),
  ) as { slots?: { at: string }[] };
  const later = await requestCall('+442079460001', {
    scheduleAt: offered.slots?.at(-1)?.at,
    metadata: { note: number },
  });
  assert.ok(later, 'a callback at an offered time');

  // Every fault the fake PolyAI can produce, except hanging: that takes ten seconds each.
  for (const { number: faulty, shows } of faultNumbers)
    if (!/hang|one byte|401|403/.test(shows)) await requestCall(faulty);

  // Refused requests containing canaries.
  for (const body of [
    number,
    `{"phone":"${number}"`,
    JSON.stringify({ phone: number, token: own.token }),
    canaries.connectorId,
  ])
    await send('/v1/calls', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
      body,
    });
  for (const path of [
    `/v1/calls/${encodeURIComponent(number)}`,
    `/v1/calls/${own.id}?token=${own.token}`,
    `/${canaries.connectorId}`,
    `/v1/calls/${own.token}/events`,
  ])
    await send(path, {
      headers: { Authorization: `Bearer ${canaries.connectorId}`, Cookie: number, 'User-Agent': number },
    });
  await send('/v1/site');
  await send('/readyz');

  // The opt-out, signed, forged and repeated.
  const webhook = new Webhook(canaries.webhookSecret);
  const body = JSON.stringify({ type: 'number.suppressed', data: { number } });
  for (const [id, signature] of [
    ['canary-1', webhook.sign('canary-1', new Date(clock.now()), body)],
    ['canary-1', webhook.sign('canary-1', new Date(clock.now()), body)],
    ['canary-2', 'v1,AAAA'],
  ] as const)
    await send('/v1/webhooks/suppressions', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(clock.now() / 1_000)),
        'webhook-signature': signature,
      },
      body,
    });
  await requestCall(number);

  // A rejected credential comes last, because nothing is placed after it.
  fakePolyAi.script('+442079460400', triggerFault({ kind: 'answer', status: 401, body: canaries.connectorId }, false));
  await requestCall('+442079460400');
  await requestCall('+442079460401');

  assertFilesAreClean(canaries, folder);
  for (const [what, text] of [
    ['log and startup report', out.join('\n')],
    ['answers', answers.join('\n')],
  ] as const) {
    assert.ok(text.length > 2_000, `${what} is too short to prove anything`);
    assertAbsent(canaries, what, text);
  }
  await proxy.close();
  isClosed = true;
  assertFilesAreClean(canaries, folder);

  // The CLI's commands on the same file, and an unknown one.
  const env = { ...childEnv, DATABASE_URL: `file:${folder}/canary.db`, SECRET_KEYS: canaries.secretKeys };
  for (const command of ['export', 'unsuppress', 'suppress', 'erase', 'shout']) {
    const { stdout, stderr } = await run(process.execPath, [builtProxy, command, number], { env }).catch(
      (failed: { stdout: string; stderr: string }) => failed,
    );
    assertAbsent(canaries, command, stdout + stderr);
  }
  assertFilesAreClean(canaries, folder);
});

test('a generated key file and a killed process leave no trace either', async (t) => {
  const canaries = createCanaries();
  const fakePolyAi = await createFakePolyAi({ ...account, connectorId: canaries.connectorId, timeScale: 100 });
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-canary-'));
  const env = {
    POLYAI_BASE_URL: fakePolyAi.url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: canaries.connectorId,
    DATABASE_URL: `file:${folder}/killed.db`,
  };
  t.after(async () => {
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const key = newKey();
  canaries.add('idempotency key', key);
  fakePolyAi.script(number, triggerFault({ kind: 'hang' }, true));
  const killed = startProcess(env);
  assert.ok(await killed.listening, killed.complaints());
  const pending = killed.requestCall(key, number);
  while (fakePolyAi.triggers().length === 0) await new Promise((resolve) => setImmediate(resolve));
  killed.kill('SIGKILL');
  await Promise.all([pending, killed.gone]);
  const again = startProcess(env);
  assert.ok(await again.listening, again.complaints());
  const answer = await again.requestCall(key, number);
  assert.equal(answer?.status, 409);
  const keyFile = readFileSync(join(folder, 'killed.db.keys'), 'utf8');
  const secret = /:(\S+)/.exec(keyFile)?.[1] ?? assert.fail('no key file');
  const database = readdirSync(folder).filter((name) => !name.endsWith('.keys'));
  for (const form of [secret, secret.replace(/=+$/, '')]) canaries.add('generated key', form);
  for (const name of database) assertAbsent(canaries, name, readFileSync(join(folder, name)));
  again.kill('SIGTERM');
  await again.gone;
  for (const { output, complaints } of [killed, again]) assertAbsent(canaries, 'output', output() + complaints());
  for (const name of database.filter((file) => file.endsWith('.db')))
    assertAbsent(canaries, name, readFileSync(join(folder, name)));
  assert.equal(fakePolyAi.triggers().length, 1);
});

test('configuration errors name no secret, and the built files contain none', async () => {
  const canaries = createCanaries();
  const wrong = {
    ...childEnv,
    POLYAI_REGION: 'mars',
    POLYAI_ACCOUNT_ID: 'a b',
    POLYAI_CONNECTOR_ID: `${canaries.connectorId} with a space`,
    ALLOWED_ORIGINS: '*',
    ALLOWED_COUNTRIES: '+1',
    WEBHOOK_SECRET: `${canaries.webhookSecret}!`,
    SECRET_KEYS: `${canaries.secretKeys},${canaries.secretKeys}`,
    CHALLENGE: 'turnstile',
    TURNSTILE_SECRET: `${canaries.connectorId} !`,
    DATABASE_URL: `postgres://user:${canaries.connectorId}@db:x/x`,
  };
  const failed = await run(process.execPath, [builtProxy], { env: wrong }).then(
    () => assert.fail('it started'),
    (error: { stdout: string; stderr: string }) => error,
  );
  assert.match(failed.stderr, /WEBHOOK_SECRET/);
  assertAbsent(canaries, 'mistakes', failed.stdout + failed.stderr);
  for (const file of readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    assertAbsent(canaries, file.name, bytes);
  }
});

test('the search would find each canary', (_t: TestContext) => {
  const canaries = createCanaries();
  for (const text of [`x${number}`, canaries.connectorId, canaries.webhookSecret, canaries.secretKeys])
    assert.throws(() => assertAbsent(canaries, 'a line', text));
});
