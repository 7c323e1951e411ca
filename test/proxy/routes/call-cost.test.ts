// What an accepted call costs the disk and the database, counted on a real file. Mutations that turn it red: the answer stored in a
// transaction of its own; one statement for each allowance; the attempt counted in the database; the number of changes read after each commit.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { acceptedOf, callRequest, createFixture, freshNumber } from '../fixtures/app.js';
import { temporaryFolder } from '../store/fixtures/stores.js';
import { watchStatements } from '../store/fixtures/watch-statements.js';

/** Collects every statement from now on, in all databases of this process. */
function countStatements(t: TestContext): string[] {
  const statements: string[] = [];
  t.after(watchStatements({ ran: (sql) => void statements.push(sql) }));
  return statements;
}

test('an accepted call is two durable commits and 21 statements, however many limits apply', async (t) => {
  const statements = countStatements(t);
  const folder = temporaryFolder();
  const { post, store } = createFixture({ file: join(folder.path, 'calls.db') });
  t.after(async () => {
    await store.close();
    folder.remove();
  });
  await acceptedOf(await post(callRequest({ phone: freshNumber() })));
  statements.length = 0;
  await acceptedOf(await post(callRequest({ phone: freshNumber() })));
  assert.equal(statements.filter((sql) => sql === 'COMMIT').length, 2);
  assert.equal(statements.filter((sql) => sql === 'BEGIN IMMEDIATE').length, 2);
  assert.ok(statements.length <= 21, statements.join('\n'));
});

test('a request for a number that may not be called commits nothing', async (t) => {
  const statements = countStatements(t);
  const { post } = createFixture();
  statements.length = 0;
  assert.equal((await post(callRequest({ phone: '+449098790000' }))).status, 422, 'premium rate');
  assert.deepEqual(
    statements.filter((sql) => /COMMIT|BEGIN/.test(sql)),
    [],
  );
});
