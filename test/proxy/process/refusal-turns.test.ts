// A call passes a flood of refusals. Mutations that turn a test red: return every response at once; hold back a success; never send
// what was held back; no limit in a turn.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerRefusalsInTurns,
  refusalsInTurn,
  refusalsInTurnAfterwards,
} from '../../../src/proxy/process/refusal-turns.js';

function createFixture() {
  let isUrgent = false;
  const turns: (() => void)[] = [];
  const statuses: number[] = [];
  const fetch = answerRefusalsInTurns(
    (request) => {
      const { pathname } = new URL(request.url);
      const response = new Response(null, { status: Number(pathname.slice(1, 4)) });
      return pathname.endsWith('later') ? Promise.resolve(response) : response;
    },
    { isUnderWay: () => isUrgent },
    (task) => void turns.push(task),
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    statuses,
    request: async (status: string): Promise<void> => {
      const response = fetch(new Request(`http://proxy.example/${status}`), {} as never);
      void Promise.resolve(response).then(({ status: sent }) => statuses.push(sent));
      await settle();
    },
    urgent: (value: boolean): void => {
      isUrgent = value;
    },
    nextTurn: async (): Promise<number> => {
      const before = statuses.length;
      for (const turn of turns.splice(0)) turn();
      await settle();
      return statuses.length - before;
    },
    plannedTurns: () => turns.length,
  };
}

test('nothing is held back while no call is being placed', async () => {
  const { statuses, request, plannedTurns } = createFixture();
  for (let index = 0; index < 100; index += 1) await request('429');
  assert.deepEqual([statuses.length, plannedTurns()], [100, 0]);
});

for (const refusal of ['403', '400later']) {
  test(`while a call is being placed, a few refusals are sent in each turn, in order: ${refusal}`, async () => {
    const { statuses, request, urgent, nextTurn } = createFixture();
    urgent(true);
    const sent = 20;
    for (let index = 0; index < sent; index += 1) await request(refusal);
    assert.equal(statuses.length, refusalsInTurn);
    for (let left = sent - refusalsInTurn; left > 0; left -= refusalsInTurn)
      assert.equal(await nextTurn(), Math.min(left, refusalsInTurn));
    assert.equal(statuses.length, sent);
  });
}

test('a response that is not a refusal is never held back', async () => {
  const { statuses, request, urgent } = createFixture();
  urgent(true);
  for (let index = 0; index < 10; index += 1) await request('429');
  for (const status of ['202later', '200', '204', '304']) await request(status);
  assert.deepEqual(statuses.slice(refusalsInTurn), [202, 200, 204, 304]);
});

test('what was held back is sent in batches once the call is placed, before later refusals', async () => {
  const { statuses, request, urgent, nextTurn, plannedTurns } = createFixture();
  urgent(true);
  for (let index = 0; index < refusalsInTurn + refusalsInTurnAfterwards + 3; index += 1) await request('429');
  urgent(false);
  await request('403');
  assert.equal(statuses.length, refusalsInTurn);
  assert.equal(await nextTurn(), refusalsInTurnAfterwards);
  assert.equal(await nextTurn(), 4);
  assert.deepEqual([statuses.at(-1), plannedTurns()], [403, 0]);
  await request('403');
  assert.equal(statuses.length, refusalsInTurn + refusalsInTurnAfterwards + 5, 'nothing is held back anymore');
});
