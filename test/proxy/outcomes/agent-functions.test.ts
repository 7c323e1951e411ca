// The functions for Agent Studio in docs/agent-functions, run by Python against a whole proxy, whose calls the fake PolyAI places.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { CallAccepted, CallOutcome, CallSnapshot } from '../../../src/contract.js';
import { createFakePolyAi, type FakePolyAi } from '../../../src/proxy/sandbox/fake-polyai.js';
import { runCli } from '../../../src/proxy/cli/cli.js';
import { startProxy } from '../../../src/proxy/main.js';
import { callRequest, newKey, origin } from '../fixtures/app.js';
import { secret, token } from './fixture.js';
import { credential, settingsFor } from '../../fixtures/polyai-account.js';

const number = '+442079460000';
const script = join(import.meta.dirname, 'agent_studio.py');

interface Running {
  readonly fakePolyAi: FakePolyAi;
  readonly url: string;
  place(): Promise<CallAccepted>;
  outcomeOf(call: CallAccepted): Promise<CallOutcome | undefined>;
  /** Closes the proxy first: two connections to one file in one process wait for each other. */
  isSuppressed(): Promise<boolean>;
}

async function start(t: TestContext): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-agent-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const fakePolyAi = await createFakePolyAi(credential);
  t.after(() => fakePolyAi.close());
  const proxy = await startProxy(
    {
      ...settingsFor(fakePolyAi),
      ALLOWED_ORIGINS: origin,
      ALLOWED_COUNTRIES: 'GB',
      HOURS_PROFILE: 'off',
      CHALLENGE: 'none',
      PORT: '0',
      DATABASE_URL: `file:${folder}/callback.db`,
      OUTCOMES_SECRET: secret,
      OUTCOMES_TOKEN: token,
      OUTCOMES_LINK_HOSTS: 'book.example.com',
    },
    { writeLog: () => {}, print: () => {} },
  );
  t.after(() => proxy.close());
  const post = (): Promise<Response> =>
    fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, 'Idempotency-Key': newKey() },
      body: JSON.stringify(callRequest({ phone: number })),
    });
  return {
    fakePolyAi,
    url: proxy.url,
    place: async () => {
      const response = await post();
      assert.equal(response.status, 202);
      return (await response.json()) as CallAccepted;
    },
    outcomeOf: async ({ id, token: capability }) => {
      const response = await fetch(`${proxy.url}/v1/calls/${id}`, {
        headers: { Authorization: `Bearer ${capability}`, Origin: origin },
      });
      return ((await response.json()) as CallSnapshot).outcome;
    },
    isSuppressed: async () => {
      await proxy.close();
      const printed: string[] = [];
      const env = { DATABASE_URL: `file:${folder}/callback.db` };
      const print = (line: string): void => void printed.push(line);
      await runCli(['export', number], { env, print, note: () => {}, serve: () => Promise.resolve() });
      return (JSON.parse(printed.join('\n')) as { suppressed: boolean }).suppressed;
    },
  };
}

async function runFunctions(url: string, task: object): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', [
    script,
    JSON.stringify({ proxyUrl: url, secrets: { callback_outcomes: secret }, ...task }),
  ]);
  return stdout.trim();
}

test('the agent learns our id from the call’s metadata and reports what was agreed', async (t) => {
  const { fakePolyAi, url, place, outcomeOf } = await start(t);
  const call = await place();
  const metadata = fakePolyAi.triggers()[0]?.metadata as Record<string, string>;
  assert.deepEqual(metadata, { callback_call_id: call.id });
  const sipHeaders = Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [`X-${name.replaceAll('_', '-')}`, value]),
  );
  const said = await runFunctions(url, {
    sipHeaders,
    outcome: {
      answered_by: 'person',
      disposition: 'appointment-booked',
      agreed: `- We come on Tuesday.\n• ${'x'.repeat(300)}\n\n- Three.\n- Four.`,
    },
    state: {
      appointment: { start: '2026-12-01T10:00:00+01:00', time_zone: 'Europe/Berlin', title: 'Visit' },
      links: [{ url: 'https://book.example.com/1', title: 'Change it' }],
    },
  });
  assert.equal(said, 'Outcome reported to the callback proxy: HTTP 204');
  const outcome = await outcomeOf(call);
  assert.equal(outcome?.disposition, 'appointment-booked');
  assert.deepEqual(outcome.agreed, ['We come on Tuesday.', 'x'.repeat(200), 'Three.']);
  assert.equal(outcome.appointment?.start, '2026-12-01T09:00:00.000Z');
  assert.equal(outcome.links[0]?.url, 'https://book.example.com/1');
});

test('with a token, by the header’s plain name, a voicemail is reported', async (t) => {
  const { url, place, outcomeOf } = await start(t);
  const call = await place();
  const outcome = { answered_by: 'voicemail', disposition: 'message-left' };
  const secrets = { callback_outcomes: token };
  await runFunctions(url, { sipHeaders: { callback_call_id: call.id }, secrets, outcome });
  assert.equal((await outcomeOf(call))?.answeredBy, 'voicemail');
});

test('details that the proxy refuses do not take the opt-out with them', async (t) => {
  const { url, place, outcomeOf, isSuppressed } = await start(t);
  const call = await place();
  const said = await runFunctions(url, {
    sipHeaders: { callback_call_id: call.id },
    outcome: { disposition: 'sold', do_not_call: 'true' },
    state: { links: [{ url: 'https://elsewhere.example/' }] },
  });
  assert.match(said, /HTTP 204/);
  assert.deepEqual((await outcomeOf(call))?.links, []);
  assert.equal(await isSuppressed(), true);
});

test('a conversation that is no call of the proxy reports nothing', async (t) => {
  const { url } = await start(t);
  assert.equal(await runFunctions(url, { sipHeaders: { Via: 'x' } }), '');
  assert.match(await runFunctions(url, { sipHeaders: { callback_call_id: 'a'.repeat(28) } }), /HTTP 404/);
});
