// An upstream that never finishes its response. In its own file because it mocks the process's timers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/proxy/core/clock.js';
import { createConnector } from '../../src/proxy/polyai/connector.js';
import type { PlaceOutcome } from '../../src/proxy/polyai/polyai.js';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { completes } from '../../src/proxy/sandbox/fake-polyai/script.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-that-drips' } as const;

test('a response that drips forever ends at the total timeout, and the call is unknown', async (t) => {
  const fakePolyAi = await createFakePolyAi(account);
  // Every byte arrives before an idle timeout would fire.
  fakePolyAi.script('+442079460958', { ...completes, trigger: { kind: 'drip', everyMs: 60 } });
  const polyai = createConnector({
    ...account,
    baseUrl: fakePolyAi.url,
    clock: systemClock,
    random: Math.random,
    wholeMs: 600,
  });
  t.after(async () => {
    await polyai.close();
    await fakePolyAi.close();
  });
  // Timers are mocked: the speed of this machine does not matter.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answer: { outcome?: PlaceOutcome } = {};
  const placed = polyai.place('+442079460958', {}).then((result) => (answer.outcome = result));
  while (fakePolyAi.triggers().length === 0) await new Promise((resolve) => setImmediate(resolve));
  let waitedMs = 0;
  for (; answer.outcome === undefined && waitedMs < 60_000; waitedMs += 30) {
    t.mock.timers.tick(30);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.mock.timers.reset();
  assert.equal((await placed).kind, 'unknown');
  assert.ok(waitedMs >= 600, 'ending before the total timeout would have another cause');
  assert.equal(fakePolyAi.triggers().length, 1);
});
