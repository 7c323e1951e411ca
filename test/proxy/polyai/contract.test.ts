// One suite over the three generations of PolyAI's API: what the rest of the proxy may rely on, whichever one is configured. Each
// talks to the fake over real sockets. Features of a single generation are at the end. The transport has its own tests.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { isTerminal } from '../../../src/contract.js';
import { decideAfterPoll, longestRingingMs } from '../../../src/proxy/calls/poll-decision.js';
import { systemClock } from '../../../src/proxy/core/clock.js';
import {
  type AgentsAccess,
  type ApiAccess,
  type ApiName,
  secretOf,
  type TokenAccess,
} from '../../../src/proxy/polyai/api-access.js';
import type { ClientOptions } from '../../../src/proxy/polyai/api-client.js';
import { openPolyAi } from '../../../src/proxy/polyai/open-polyai.js';
import type { PolyAi, StatusOutcome } from '../../../src/proxy/polyai/polyai.js';
import { probeCredential } from '../../../src/proxy/polyai/probe-credential.js';
import {
  createFakePolyAi,
  endsIn,
  errorAnswer,
  type FakePolyAi,
  faultNumbers,
} from '../../../src/proxy/sandbox/fake-polyai.js';
import type { DueCall } from '../../../src/proxy/store/store.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-secret' };
const agents = { agentId: 'agent-1', apiKey: 'api-key-secret', environment: 'live' } as const;
const ringing = '+14155550100';
const errorId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

const start = async (): Promise<FakePolyAi> => {
  const fake = await createFakePolyAi({ ...account, authToken: 'token-secret', agents });
  cleanups.push(() => fake.close());
  return fake;
};

const accessTo = (api: ApiName, baseUrl: string): ApiAccess => {
  switch (api) {
    case 'connector':
      return { api, baseUrl, ...account };
    case 'token':
      return { api, baseUrl, authToken: 'token-secret' };
    case 'agents':
      return { api, baseUrl, ...agents };
  }
};

const open = async (access: ApiAccess, options: Partial<ClientOptions> = {}): Promise<PolyAi> => {
  const polyai = await openPolyAi(access, { clock: systemClock, random: () => 0, ...options });
  cleanups.push(() => polyai.close());
  return polyai;
};

const numberThat = (shows: string): string => {
  const found = faultNumbers.find((entry) => entry.shows === shows);
  assert.ok(found, shows);
  return found.number;
};

for (const api of ['connector', 'token', 'agents'] as const) {
  const isShort = api !== 'connector';
  const connect = (fake: FakePolyAi, options: Partial<ClientOptions> = {}): Promise<PolyAi> =>
    open(accessTo(api, fake.url), options);

  const poll = async (fake: FakePolyAi, number: string, ageMs: number): Promise<StatusOutcome> => {
    const polyai = await connect(fake);
    const outcome = await polyai.place(number, {});
    assert.equal(outcome.kind, 'accepted');
    assert.ok(outcome.kind === 'accepted', 'the call was not accepted');
    fake.advance(ageMs);
    return polyai.status(outcome.upstreamId);
  };

  describe(api, () => {
    test('a call is accepted with its id, and the exact number and metadata arrive', async () => {
      const fake = await start();
      const polyai = await connect(fake);
      const outcome = await polyai.place(ringing, { metadata: { plan: 'pro', name: 'Ada' } });
      assert.equal(outcome.kind, 'accepted');
      assert.match(outcome.kind === 'accepted' ? outcome.upstreamId : '', /^OUT-[\da-f-]{36}$/);
      const [trigger] = fake.triggers();
      assert.equal(trigger?.number, ringing);
      assert.deepEqual(trigger.metadata, { plan: 'pro', name: 'Ada' });
    });

    test('without metadata none is sent', async () => {
      const fake = await start();
      await (await connect(fake)).place(ringing, {});
      assert.equal(fake.triggers()[0]?.metadata, undefined);
    });

    test('a status request never invents a phase', async () => {
      const fake = await start();
      fake.script(ringing, endsIn('completed'));
      const seen: string[] = [];
      for (const ageMs of [0, 2_000, 4_000, 13_000]) {
        const outcome = await poll(fake, ringing, ageMs);
        assert.ok(outcome.kind === 'seen', outcome.kind);
        seen.push(outcome.history.map(({ status }) => status).join(' '));
      }
      const long = ['created', 'created queued', 'created queued ringing', 'created queued ringing completed'];
      assert.deepEqual(seen, isShort ? ['queued', 'queued', 'calling', 'completed'] : long);
    });

    for (const end of ['no-answer', 'busy', 'cancelled', 'failed', 'completed'] as const)
      test(`an end is reported as it was: ${end}`, async () => {
        const fake = await start();
        fake.script(ringing, endsIn(end));
        const outcome = await poll(fake, ringing, 60_000);
        assert.ok(outcome.kind === 'seen', outcome.kind);
        assert.equal(outcome.status, end);
        assert.ok(isTerminal(outcome.status), 'not an end');
      });

    for (const httpStatus of [400, 401, 403, 404, 413, 422] as const)
      test(`a trigger answered ${String(httpStatus)} was not placed`, async () => {
        const fake = await start();
        const outcome = await (await connect(fake)).place(numberThat(`trigger: ${String(httpStatus)}`), {});
        assert.ok(outcome.kind === 'rejected', outcome.kind);
        assert.equal(outcome.httpStatus, httpStatus);
        assert.equal(outcome.credential, httpStatus === 401 || httpStatus === 403 ? 'refused' : undefined);
        assert.equal(outcome.errorId, api === 'agents' ? errorId : undefined);
      });

    test('a 429 passes on its Retry-After', async () => {
      const fake = await start();
      const outcome = await (await connect(fake)).place('+14155550111', {});
      assert.ok(outcome.kind === 'rejected', outcome.kind);
      assert.equal(outcome.retryAfterSeconds, 30);
    });

    for (const [shows, reason] of [
      ['trigger: 502 with HTML', 'http-502'],
      ['trigger: truncated', 'unreadable-answer'],
      ['trigger: id of a wrong shape', 'unreadable-answer'],
      ['trigger: an id that climbs out of the path', 'unreadable-answer'],
      ['trigger: an id that is a number', 'unreadable-answer'],
      ['trigger: a body of 10 MB', 'unreadable-answer'],
      ['trigger: reset after the request was read', 'connection-broken'],
      ['trigger: redirected to another host', 'http-307'],
      ['trigger: no content', 'unreadable-answer'],
    ] as const)
      test(`unclear, and sent once: ${shows}`, async () => {
        const fake = await start();
        assert.deepEqual(await (await connect(fake)).place(numberThat(shows), {}), { kind: 'unknown', reason });
        assert.equal(fake.triggers().length, 1);
      });

    test("after PolyAI's own failure the trigger is sent again only when the operator allows it", async () => {
      const instant = { now: () => 0, monotonic: () => 0, after: (_ms: number, task: () => void) => task() };
      const fake = await start();
      const own = errorAnswer(api === 'agents' ? 502 : 500, 'failed to queue call', 'internal_error');
      fake.failNext('trigger', own);
      assert.equal((await (await connect(fake, { clock: instant })).place(ringing, {})).kind, 'unknown');
      assert.equal(fake.triggers().length, 1);
      const resending = await open({ ...accessTo(api, fake.url), resendOn500: true }, { clock: instant });
      fake.failNext('trigger', own);
      assert.equal((await resending.place(ringing, {})).kind, 'accepted');
      assert.equal(fake.triggers().length, 3);
      fake.failNext('trigger', { kind: 'answer', status: api === 'agents' ? 502 : 500, body: '<html>edge</html>' });
      assert.equal((await resending.place(ringing, {})).kind, 'unknown');
      assert.equal(fake.triggers().length, 4);
    });

    test('garbage, an error page and wrong types count as a failed status request', async () => {
      const fake = await start();
      const word = { length: 0, form: 'none' } as const;
      const cases = [
        ['status: garbage', { kind: 'failed', reason: 'unreadable-answer' }],
        ['status: 502 with HTML', { kind: 'failed', reason: 'http-502' }],
        ['status: wrong types everywhere', { kind: 'failed', reason: 'unfamiliar-status', unfamiliar: word }],
        ['status: the credential stopped working', { kind: 'denied' }],
      ] as const;
      for (const [shows, expected] of cases) assert.deepEqual(await poll(fake, numberThat(shows), 0), expected);
    });

    test('an undocumented status is neither an end nor a phase', async () => {
      const fake = await start();
      const outcome = await poll(fake, numberThat('status: words nobody documented'), 3_000);
      assert.deepEqual('unfamiliar' in outcome && outcome.unfamiliar, { length: 10, form: 'word' });
      assert.ok(!(outcome.kind === 'seen' && isTerminal(outcome.status)), 'an end was made up');
    });

    test('two hours after its end a call is missing, and it is not polled forever', async () => {
      const fake = await start();
      const outcome = await poll(fake, ringing, 3 * 3_600_000);
      assert.deepEqual(outcome, { kind: 'missing' });
      const now = Date.now();
      const due = dueCall('requested', now - 60_000);
      assert.equal(decideAfterPoll({ due, outcome, now, unreadableForMs: 0, random: () => 0 }).kind, 'lost');
    });

    test('the credential is checked without placing a call', async () => {
      const fake = await start();
      assert.equal(await probeCredential(await connect(fake)), 'works');
      const wrong = { ...accessTo(api, fake.url), connectorId: 'another', authToken: 'another', apiKey: 'another' };
      assert.equal(await probeCredential(await open(wrong)), 'refused');
      assert.equal(fake.triggers().length, 0);
    });

    test('the credential of one generation is refused in another', async () => {
      const fake = await start();
      const secret = 'connector-secret';
      if (api === 'connector') return;
      const wrong = { ...accessTo(api, fake.url), authToken: secret, apiKey: secret };
      const outcome = await (await open(wrong)).place(ringing, {});
      assert.ok(outcome.kind === 'rejected', outcome.kind);
      assert.equal(outcome.credential, 'refused');
    });

    test('an id that would escape its path is never sent', async () => {
      const fake = await start();
      const polyai = await connect(fake);
      for (const id of ['OUT-../../admin', 'OUT-1?environment=sandbox', '', 'OUT-1\r\nX: y'])
        assert.deepEqual(await polyai.status(id), { kind: 'failed', reason: 'malformed-id' });
      assert.equal(fake.statusRequests(), 0);
    });

    if (isShort)
      test('metadata that PolyAI would refuse is never sent', async () => {
        const fake = await start();
        const polyai = await connect(fake);
        // 4 bytes of base64 for 3: 19,493 bytes of JSON are the most that stay under 26,000.
        const longest = { note: 'x'.repeat(19_495 - '{"note":""}'.length) };
        assert.equal((await polyai.place(ringing, { metadata: longest })).kind, 'accepted');
        const tooLong = { note: `${longest.note}xxx` };
        assert.deepEqual(await polyai.place(ringing, { metadata: tooLong }), {
          kind: 'not-sent',
          reason: 'metadata-too-long',
        });
        const notText = { count: 7 } as unknown as Record<string, string>;
        assert.deepEqual(await polyai.place(ringing, { metadata: notText }), {
          kind: 'not-sent',
          reason: 'metadata-not-text',
        });
        assert.equal(fake.triggers().length, 1);
      });
  });
}

test('connector: a 400 with metadata may concern the metadata; without, it is the number', async () => {
  const fake = await start();
  const polyai = await open(accessTo('connector', fake.url));
  const number = numberThat('trigger: 400');
  assert.deepEqual(await polyai.place(number, { metadata: { plan: 'pro' } }), {
    kind: 'rejected',
    httpStatus: 400,
    mayConcern: 'metadata',
  });
  assert.deepEqual(await polyai.place(number, {}), { kind: 'rejected', httpStatus: 400 });
});

test('agents: a 400 or 404 may concern how the agent is set up', async () => {
  const fake = await start();
  const elsewhere = await open({ ...accessTo('agents', fake.url), environment: 'sandbox' } as ApiAccess);
  assert.deepEqual(await elsewhere.place(ringing, {}), {
    kind: 'rejected',
    httpStatus: 404,
    mayConcern: 'configuration',
    errorId,
  });
  const polyai = await open(accessTo('agents', fake.url));
  assert.deepEqual(await polyai.place(numberThat('trigger: 400'), {}), {
    kind: 'rejected',
    httpStatus: 400,
    mayConcern: 'configuration',
    errorId,
  });
});

test('agents: a 400 to a status request is a failure when it comes from an edge, and means an unknown call when it comes from PolyAI', async () => {
  const fake = await start();
  const polyai = await open(accessTo('agents', fake.url));
  fake.failNext('status', { kind: 'answer', status: 400, body: '<html>bad request</html>' });
  assert.deepEqual(await polyai.status('OUT-1'), { kind: 'failed', reason: 'http-400' });
  fake.failNext('status', { kind: 'answer', status: 400, body: '{"success":false,"errors":[]}' });
  assert.deepEqual(await polyai.status('OUT-1'), { kind: 'failed', reason: 'http-400' });
  assert.deepEqual(await polyai.status('OUT-1'), { kind: 'missing' });
});

test("a malformed error id is not passed on, whatever PolyAI's response says", async () => {
  const fake = await start();
  const polyai = await open(accessTo('agents', fake.url));
  for (const id of [7, 'x\ny', '', 'a'.repeat(81)]) {
    const body = JSON.stringify({ success: false, error_code: 'X', error_id: id });
    fake.failNext('trigger', { kind: 'answer', status: 422, body });
    assert.deepEqual(await polyai.place(ringing, {}), { kind: 'rejected', httpStatus: 422 });
  }
});

test('the secret of each generation is known, so that the log can redact it', () => {
  const secrets = (['connector', 'token', 'agents'] as const).map((api) => secretOf(accessTo(api, '')));
  assert.deepEqual(secrets, ['connector-secret', 'token-secret', 'api-key-secret']);
});

/** What one generation sends, seen by a server that keeps requests. */
async function sentBy(access: (baseUrl: string) => ApiAccess): Promise<{ path: string; body: string }[]> {
  const { createServer } = await import('node:http');
  const requests: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', body });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as { port: number };
  const polyai = await open(access(`http://127.0.0.1:${String(port)}`));
  await polyai.place(ringing, {});
  await polyai.status('OUT-1');
  await polyai.close();
  return requests;
}

test('token: encryption goes into the trigger, as documented', async () => {
  const access: TokenAccess = { baseUrl: '', authToken: 'token-secret', encryption: 'UDP/SRTP' };
  const [trigger, status] = await sentBy((baseUrl) => ({ api: 'token', ...access, baseUrl }));
  assert.deepEqual(JSON.parse(trigger?.body ?? ''), { to_number: ringing, encryption: 'UDP/SRTP' });
  assert.equal(trigger?.path, '/v1/outbound-calling');
  assert.equal(status?.path, '/v1/outbound-calling/OUT-1/status');
});

test('agents: environment, variant and encryption go where they are documented', async () => {
  const access: AgentsAccess = {
    ...agents,
    baseUrl: '',
    environment: 'pre-release',
    variantId: 'variant-7',
    encryption: 'TLS/SRTP',
  };
  const [trigger, status] = await sentBy((baseUrl) => ({ api: 'agents', ...access, baseUrl }));
  assert.deepEqual(JSON.parse(trigger?.body ?? ''), {
    toNumber: ringing,
    environment: 'pre-release',
    variantId: 'variant-7',
    encryption: 'tls_srtp',
  });
  assert.equal(trigger?.path, '/v1/agents/agent-1/telephony/outbound-calls');
  assert.equal(status?.path, '/v1/agents/agent-1/telephony/outbound-calls/OUT-1/status?environment=pre-release');
});

for (const [reason, status, cause] of [
  ['call queueing: max timeout limit exceeded', 'failed', 'queue-timeout'],
  ['USER_BUSY', 'busy', 'busy'],
  ['486 Busy Here', 'busy', 'busy'],
  ['all trunks busy', 'failed', 'other'],
  ['No Answer', 'no-answer', 'no-answer'],
  ['no answer from upstream gateway', 'failed', 'other'],
  ['Canceled', 'cancelled', 'cancelled'],
  ['x'.repeat(10_000), 'failed', undefined],
  ['', 'failed', undefined],
  [7, 'failed', undefined],
] as const)
  test(`a failure is distinguished only by a reason that says nothing else: ${String(reason).slice(0, 50)}`, async () => {
    const fake = await start();
    const polyai = await open(accessTo('token', fake.url));
    fake.failNext('status', { kind: 'answer', status: 200, body: JSON.stringify({ status: 'failure', reason }) });
    const outcome = await polyai.status('OUT-1');
    assert.ok(outcome.kind === 'seen', outcome.kind);
    assert.equal(outcome.status, status);
    assert.equal(outcome.cause, cause);
  });

test('a response about another call is refused', async () => {
  const fake = await start();
  for (const [api, body] of [
    ['token', { call_sid: 'OUT-2', status: 'success' }],
    ['agents', { callSid: 'OUT-2', status: 'SUCCESS' }],
  ] as const) {
    fake.failNext('status', { kind: 'answer', status: 200, body: JSON.stringify(body) });
    const polyai = await open(accessTo(api, fake.url));
    assert.deepEqual(await polyai.status('OUT-1'), { kind: 'failed', reason: 'other-call' });
  }
});

test('a call that may be ringing is polled every 2 s, and every 10 s once it can only be in progress', () => {
  const outcome: StatusOutcome = { kind: 'seen', status: 'calling', history: [{ status: 'calling', at: 0 }] };
  const now = Date.UTC(2026, 2, 2, 15);
  const waitAfter = (sinceMs: number): number => {
    const due = dueCall('calling', now - sinceMs);
    const step = decideAfterPoll({ due, outcome, now, unreadableForMs: 0, random: () => 0.5 });
    return step.kind === 'poll-again' ? step.dueAt - now : Number.NaN;
  };
  assert.equal(waitAfter(longestRingingMs - 1), 2_000);
  assert.equal(waitAfter(longestRingingMs), 10_000);
});

function dueCall(status: 'requested' | 'calling', at: number): DueCall {
  const history = [{ seq: 1, status, at: new Date(at).toISOString() }];
  const call = { id: 'c', stage: 'accepted', status, history, origin: '', createdAt: at } as const;
  return { call, lease: '', why: 'poll', failures: 0, acceptedAt: at };
}
