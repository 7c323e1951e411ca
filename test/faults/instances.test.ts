// Three built proxies on one PostgreSQL, as docs/operations/postgresql.md sets them up: any of them serves any stream, one that is killed
// leaves its calls to the others, callbacks are placed once, and a rolling restart refuses nobody. With nginx in front where it is
// installed, and with a front of our own everywhere.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request as send } from 'node:http';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { leaseMs, longestSleepMs } from '../../src/proxy/calls/status-poller.js';
import { errorAnswer } from '../../src/proxy/sandbox/fake-polyai.js';
import { type Answer, origin } from '../crash/proxy-process.js';
import { follow, type Follower } from '../fixtures/follower.js';
import { eventually, type Instances, rings, ringsForMs, startInstances } from '../fixtures/instances.js';
import { skipWithoutNginx, startNginx } from '../fixtures/nginx.js';
import { type Front, startFront } from '../fixtures/round-robin.js';

/** Status requests in a second, of all instances together. */
const pollsPerSecond = 6;
const settings = {
  LIMIT_POLLS_PER_SECOND: String(pollsPerSecond),
  LIMIT_STREAMS_PER_ADDRESS: '1000',
  LIMIT_SCHEDULED_PER_HOUR: '1000',
  LIMIT_SCHEDULED_PER_ADDRESS: '1000',
  LIMIT_SCHEDULED_PER_NEIGHBOURHOOD: '1000',
};

const newKey = (): string => randomBytes(16).toString('base64url');

interface Placed {
  readonly phone: string;
  readonly id: string;
  readonly token: string;
}

function accepted(answer: Answer, phone: string): Placed {
  assert.equal(answer?.status, 202, JSON.stringify(answer));
  return { phone, id: String(answer.body['id']), token: String(answer.body['token']) };
}

test('three instances on one PostgreSQL', async (t) => {
  const instances = await startInstances(t, 3, settings);
  await t.test('one is killed while phones ring: the others take over its calls within 15 seconds', (inner) =>
    killOne(inner, instances),
  );
  await instances.restart(0);
  await t.test('twenty callbacks that are due at once are placed once each', (inner) =>
    placeScheduled(inner, instances),
  );
  await t.test('a rolling restart behind a front refuses no page and places no call twice', async (inner) =>
    restartAll(inner, instances, await startFront(instances.ports), 3_000),
  );
  await t.test(
    'a rolling restart behind nginx refuses no page and places no call twice',
    { skip: skipWithoutNginx },
    async (inner) => restartAll(inner, instances, await startNginx(instances.ports), 4_000),
  );
  await t.test('five unclear results, spread over the instances, pause calls at all of them', () =>
    openBreakers(instances),
  );
});

async function killOne(t: TestContext, instances: Instances): Promise<void> {
  const { fakePolyAi, ports, at, query, statusRequests, overlaps } = instances;
  const calls: Placed[] = [];
  const began = performance.now();
  for (let n = 0; n < 24; n += 1) {
    const phone = rings(fakePolyAi, n);
    // The one that will be killed places half of them.
    calls.push(accepted(await at(n % 2 === 0 ? 0 : n).requestCall(newKey(), phone), phone));
  }
  const broken: string[] = [];
  const shown = new Map<Follower, number>();
  const pages = calls.map(({ id, token }) =>
    ports.map((port) => {
      const page: Follower = follow(
        { port, id, token },
        {
          onBroken: (what) => broken.push(what),
          onReconnect: () => {},
          onSnapshot: ({ seq }) => void shown.set(page, seq),
        },
      );
      return page;
    }),
  );
  t.after(() => {
    for (const page of pages.flat()) page.stop();
  });
  await eventually('every stream is served by every instance', () => pages.flat().every((page) => shown.has(page)));

  const upstreamIds = new Set(
    (await query('SELECT upstream_id FROM polyai_callback.calls')).map(({ upstream_id: id }) => String(id)),
  );
  assert.equal(upstreamIds.size, 24);
  const polls = () => statusRequests().filter(({ upstreamId }) => upstreamIds.has(upstreamId));
  const timesPolled = (since: number): readonly number[] =>
    [...upstreamIds].map(
      (id) => polls().filter(({ upstreamId, at: when }) => upstreamId === id && when >= since).length,
    );
  await eventually('every call is polled three times', () => timesPolled(0).every((count) => count >= 3));
  // Sent between the first request for a call and now: whatever the delays, no more than each instance's share in every second of it.
  const seconds = Math.ceil((performance.now() - began) / 1_000) + 1;
  assert.ok(
    polls().length <= pollsPerSecond * seconds,
    `${String(polls().length)} status requests in ${String(seconds)} s`,
  );
  assert.equal(new Set(polls().map(({ instance }) => instance)).size, 3, 'all instances poll');

  for (const [page] of pages) page?.stop();
  at(0).kill('SIGKILL');
  await at(0).gone;
  const killedAt = performance.now();
  // By the database's clock: nothing that the killed instance holds is held for longer than a lease, and the others look every second.
  const rows = await query(
    `SELECT ready_at - floor(extract(epoch FROM clock_timestamp()) * 1000) AS due_in FROM polyai_callback.calls WHERE stage = 'accepted'`,
  );
  assert.equal(rows.length, 24, 'all phones ring');
  for (const { due_in: dueIn } of rows) assert.ok(Number(dueIn) <= leaseMs, `due in ${String(dueIn)} ms`);
  assert.ok(leaseMs + longestSleepMs <= 15_000, 'takeover');
  await eventually('the others poll every call', () => timesPolled(killedAt).every((count) => count >= 1));
  const survivors = polls().filter(({ at: when }) => when >= killedAt);
  assert.ok(
    survivors.every(({ instance }) => instance !== 0),
    'polled by the others',
  );

  fakePolyAi.advance(ringsForMs);
  const others = pages.flatMap((three) => three.slice(1));
  await eventually('every page shows the end', () => others.every((page) => page.ended() !== undefined));
  assert.deepEqual([...new Set(others.map((page) => page.ended()))], ['no-answer']);
  assert.deepEqual(broken, []);
  assert.deepEqual(overlaps(), [], 'no call is polled by two instances at once');
  assert.equal(fakePolyAi.triggers().length, 24, 'each phone rang once');
}

async function placeScheduled(t: TestContext, { fakePolyAi, at, query, overlaps }: Instances): Promise<void> {
  const phones = Array.from({ length: 20 }, (_, n) => rings(fakePolyAi, 1_000 + n));
  const [{ soon } = {}] = await query(
    `SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS soon`,
  );
  const calls: Placed[] = [];
  for (const [n, phone] of phones.entries())
    calls.push(accepted(await at(n).requestCall(newKey(), phone, String(soon)), phone));
  assert.ok(!fakePolyAi.triggers().some(({ number }) => phones.includes(number)), 'none is placed before its time');
  // Their time comes, for all of them in the same instant.
  const makeDue = () =>
    query(
      `UPDATE polyai_callback.calls SET ready_at = floor(extract(epoch FROM now()) * 1000) - 1000, lease = NULL,
         slot = jsonb_set(slot::jsonb, '{at}', to_jsonb(to_char(now() AT TIME ZONE 'UTC' - interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))::text
       WHERE stage = 'scheduled' AND lease IS NULL`,
    );
  const placed = () => fakePolyAi.triggers().filter(({ number }) => phones.includes(number));
  await eventually('all are placed', async () => {
    // One that found too many unanswered triggers waits for half a minute; here it need not.
    await makeDue();
    await sleep(500);
    return placed().length >= 20;
  });
  fakePolyAi.advance(ringsForMs);
  const ids = calls.map(({ id }) => `'${id}'`).join(', ');
  await eventually('all have ended', async () => {
    const rows = await query(`SELECT status FROM polyai_callback.calls WHERE id IN (${ids}) AND stage = 'ended'`);
    return rows.length === 20 && rows.every(({ status }) => status === 'no-answer');
  });
  t.diagnostic('20 callbacks due at once');
  assert.deepEqual(
    placed()
      .map(({ number }) => number)
      .sort(),
    [...phones].sort(),
    'each phone rang once',
  );
  assert.deepEqual(overlaps(), []);
}

/** The widget's rule: the same request under the same key, after no answer or one that is not the proxy's, and while it is being placed. */
async function requestAsWidget(port: number, key: string, phone: string): Promise<Answer> {
  for (let sends = 1; ; ) {
    const answer = await post(port, key, phone);
    const isProblem = typeof answer?.body['code'] === 'string';
    if (answer?.status === 202) return answer;
    if (isProblem && answer.body['code'] !== 'request-in-progress') return answer;
    if (!isProblem && (sends += 1) > 4) return answer;
    await sleep(isProblem ? 1_000 : 500 + 250 * 2 ** sends);
  }
}

const post = (port: number, key: string, phone: string): Promise<Answer> =>
  new Promise((resolve) => {
    // Each call is requested from an address of its own.
    const digits = Number(phone.slice(-7));
    const visitor = `100.${String(64 + ((digits >> 16) & 63))}.${String((digits >> 8) & 255)}.${String(digits & 255)}`;
    const headers = {
      'Content-Type': 'application/json',
      Origin: origin,
      'Idempotency-Key': key,
      'X-Forwarded-For': visitor,
    };
    const sent = send({ port, path: '/v1/calls', method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('close', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> });
        } catch {
          resolve({ status: response.statusCode ?? 0, body: {} });
        }
      });
    });
    sent.on('error', () => resolve(undefined));
    const consent = { text: 'Example may call me with an AI voice now.', source: 'page' };
    const body = { phone, international: true, country: 'GB', consent, locale: 'en-GB', widgetVersion: '0.1.0' };
    sent.end(JSON.stringify(body));
  });

async function restartAll(t: TestContext, instances: Instances, front: Front, firstPhone: number): Promise<void> {
  const { fakePolyAi, at, overlaps } = instances;
  const { port } = front;
  const broken: string[] = [];
  const refused: string[] = [];
  let resumes = 0;
  let phones = firstPhone;
  const pages: Follower[] = [];
  const rung = new Set<string>();
  const place = async (): Promise<void> => {
    const phone = rings(fakePolyAi, (phones += 1));
    const { id, token } = accepted(await requestAsWidget(port, newKey(), phone), phone);
    rung.add(phone);
    pages.push(
      follow(
        { port, id, token },
        {
          onBroken: (what) => broken.push(what),
          onRefused: (what) => refused.push(what),
          onReconnect: () => (resumes += 1),
        },
      ),
    );
  };
  t.after(async () => {
    for (const page of pages) page.stop();
    await front.close();
  });
  for (let n = 0; n < 20; n += 1) await place();

  const restarted = new AbortController();
  const load = (async () => {
    for (let n = 0; !restarted.signal.aborted && n < 100; n += 1) {
      await place();
      await sleep(100);
    }
  })();
  for (const index of [0, 1, 2]) {
    at(index).kill('SIGTERM');
    await at(index).gone;
    await instances.restart(index);
  }
  restarted.abort();
  await load;
  await eventually('pages have resumed', () => resumes >= 20);
  fakePolyAi.advance(ringsForMs);
  await eventually(
    'every page shows the end',
    () => pages.every((page) => page.ended() !== undefined) || broken.length > 0,
  );
  t.diagnostic(
    `${String(rung.size)} calls, ${String(rung.size - 20)} of them during the restarts; ${String(resumes)} resumed streams`,
  );
  assert.deepEqual(broken, [], 'no event is lost or repeated');
  assert.deepEqual(refused, [], 'no resume fails');
  assert.deepEqual([...new Set(pages.map((page) => page.ended()))], ['no-answer']);
  const triggered = fakePolyAi
    .triggers()
    .map(({ number }) => number)
    .filter((number) => rung.has(number));
  assert.deepEqual(triggered.sort(), [...rung].sort(), 'each phone rang once');
  assert.deepEqual(overlaps(), []);
}

async function openBreakers({ fakePolyAi, at }: Instances): Promise<void> {
  const before = fakePolyAi.triggers().length;
  let requests = 0;
  const requestUnclear = (index: number): Promise<Answer> => {
    fakePolyAi.failNext('trigger', errorAnswer(500, 'failed', 'internal_error'));
    return at(index).requestCall(newKey(), rings(fakePolyAi, 6_000 + (requests += 1)));
  };
  for (let n = 0; n < 5; n += 1) {
    const answer = await requestUnclear(n);
    assert.deepEqual([answer?.status, answer?.body['status']], [202, 'unknown'], JSON.stringify(answer));
  }
  for (const index of [0, 1, 2])
    await eventually(`instance ${String(index)} pauses calls`, async () => {
      const answer = await requestUnclear(index);
      return answer?.status === 503 && answer.body['code'] === 'calls-paused';
    });
  // News take a moment; each instance for itself would have placed five.
  const placed = fakePolyAi.triggers().length - before;
  assert.ok(placed <= 7, `${String(placed)} unclear calls`);
}
