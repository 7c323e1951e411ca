// A damaged database file is refused with a message, or the verbs that hit the damage are unavailable. Whatever was changed, the
// process does not abort.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../../src/proxy/store/sqlite/database.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { StoreUnavailable } from '../../../src/proxy/store/store.js';
import { inFolder } from './fixtures/children.js';
import { acceptedCall, consumptionOf, manualClock, day, gcra } from './fixtures/stores.js';

const clock = manualClock();
const hasCode = (code: string) => (error: unknown) => error instanceof StoreOpenError && error.code === code;

/** A small database in which every table has rows. */
async function filled(file: string, calls = 40): Promise<void> {
  const store = createSqliteStore({ file, clock });
  for (let n = 0; n < calls; n += 1) {
    const call = await acceptedCall(store, clock.now(), {
      callId: `call-${n}`,
      numberKeys: [`v1:number-${n}`],
      challenge: { id: `challenge-${n}`, expiresAt: clock.now() + day },
      consumptions: [consumptionOf('number', `numberPerDay:v1:number-${n}`, gcra(3, day))],
      concurrencySlots: [{ scope: 'number', key: `v1:number-${n}`, max: 1 }],
      answer: () => ({ httpStatus: 202, body: '{"name":"Ünïcödé"}' }),
    });
    if (n % 3 === 0) await store.settle(call.id, { kind: 'unknown', coolDownUntil: clock.now() + day });
  }
  await store.suppress(['v1:suppressed'], 'webhook', { id: 'msg', expiresAt: clock.now() + day });
  await store.close();
}

const trials = 60;

inFolder('a file in another text encoding is refused at start', async (folder) => {
  const file = join(folder, 'calls.db');
  const db = openConnection(file);
  db.exec(`PRAGMA encoding = 'UTF-16le'`);
  migrate(db, file);
  db.close();
  // Named: without its own check, the texts would be taken for damaged ones.
  assert.throws(() => createSqliteStore({ file, clock }), /^StoreOpenError: STORE_CORRUPT.*encoding/s);
});

inFolder('random damage never aborts the process: a message at startup, or unavailable', async (folder) => {
  const pristine = join(folder, 'pristine.db');
  await filled(pristine);
  const script = join(import.meta.dirname, 'fixtures', 'damaged-file-child.ts');
  const aborted: string[] = [];
  const outcomes = new Map<string, number>();
  for (let from = 0; from < trials; ) {
    const args = ['--import', 'tsx', script, pristine, join(folder, 'damaged.db'), String(from), String(trials)];
    const { stdout, signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    for (const [, outcome = ''] of stdout.matchAll(/^came (.+)$/gm)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const seed = Number([...stdout.matchAll(/^seed (\d+)$/gm)].at(-1)?.[1] ?? trials);
    if (!stdout.endsWith('done\n')) aborted.push(`seed ${String(seed)}: ${String(signal)} ${stderr.slice(0, 400)}`);
    from = stdout.endsWith('done\n') ? trials : seed + 1;
  }
  assert.deepEqual(aborted, []);
  const other = [...outcomes.keys()].filter((outcome) => outcome.startsWith('other'));
  assert.deepEqual(other, []);
  assert.ok((outcomes.get('STORE_CORRUPT') ?? 0) > trials / 10, JSON.stringify([...outcomes]));
  assert.ok((outcomes.get('works') ?? 0) > 0, JSON.stringify([...outcomes]));
});

const columns = [
  ['calls', 'history'],
  ['calls', 'origin'],
  ['idempotency', 'body'],
  ['allowances', 'key'],
  ['concurrency_slots', 'key'],
  ['cool_downs', 'number_key'],
  ['suppressions', 'person'],
  ['challenges', 'id'],
  ['webhooks', 'id'],
  ['consents', 'record'],
] as const;
for (const [table, column] of columns) {
  inFolder(`text in ${table}.${column} that is not UTF-8 is refused at start`, async (folder) => {
    const file = join(folder, 'calls.db');
    await filled(file, 3);
    const other = openConnection(file);
    other.exec(
      `UPDATE ${table} SET ${column} = CAST(x'61C328' AS TEXT) WHERE ${column} = (SELECT min(${column}) FROM ${table})`,
    );
    other.close();
    assert.throws(() => createSqliteStore({ file, clock }), hasCode('STORE_CORRUPT'));
  });
}

inFolder(
  'after an unclean shutdown a large file is checked while it serves; damage makes it unavailable',
  async (folder) => {
    const pristine = join(folder, 'pristine.db');
    await filled(pristine, 3);
    const other = openConnection(pristine);
    other.exec(`UPDATE consents SET record = CAST(x'61C328' AS TEXT) WHERE call_id = 'call-1'`);
    other.pragma('wal_checkpoint(TRUNCATE)');
    for (const [name, isUnclean] of [
      ['clean', false],
      ['unclean', true],
    ] as const) {
      const file = join(folder, `${name}.db`);
      if (isUnclean) {
        other.exec(`UPDATE meta SET value = value + 1 WHERE name = 'changes'`);
        writeFileSync(`${file}-wal`, readFileSync(`${pristine}-wal`));
      }
      writeFileSync(file, readFileSync(pristine));
      const damage: unknown[] = [];
      const timers = manualClock();
      const store = createSqliteStore({
        file,
        clock: timers,
        wholeCheckUpTo: 0,
        onDamage: (error) => damage.push(error),
      });
      await store.ping();
      timers.advance(10_000);
      assert.equal(damage.length, isUnclean ? 1 : 0, name);
      if (isUnclean) {
        assert.ok(hasCode('STORE_CORRUPT')(damage[0]), String(damage[0]));
        await assert.rejects(store.ping(), StoreUnavailable);
        await assert.rejects(store.read('call-0'), StoreUnavailable);
      } else await store.ping();
      await store.close();
    }
    other.close();
  },
);

inFolder('an unreadable call does not keep others from being leased', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = createSqliteStore({ file, clock });
  const [first, second] = [await acceptedCall(store, clock.now()), await acceptedCall(store, clock.now())];
  const other = openConnection(file);
  other.prepare(`UPDATE calls SET history = 'x' WHERE id = ?`).run([first.id]);
  other.close();
  const due = await store.claimDue(10, 1_000);
  assert.deepEqual(
    due.map(({ call }) => call.id),
    [second.id],
  );
  const next = { dueAt: clock.now(), failures: 0 };
  const results = [first, second].map(({ id }) => ({ callId: id, lease: due[0]?.lease ?? '', items: [], next }));
  assert.deepEqual(
    (await store.recordPolls(results)).map((call) => call?.id),
    [undefined, second.id],
  );
  await store.close();
});

inFolder('a partial character at the end of one text is not completed by the next', async (folder) => {
  const file = join(folder, 'calls.db');
  await filled(file, 1);
  const other = openConnection(file);
  other.exec(`UPDATE suppressions SET number_key = CAST(x'61C3' AS TEXT), person = CAST(x'A961' AS TEXT)`);
  other.close();
  assert.throws(() => createSqliteStore({ file, clock }), hasCode('STORE_CORRUPT'));
});

for (const statement of ['DROP INDEX calls_by_number', 'DROP TABLE suppressions', 'ALTER TABLE meta RENAME TO other']) {
  inFolder(`a file with a missing part is refused (${statement})`, async (folder) => {
    const file = join(folder, 'calls.db');
    await filled(file, 1);
    const other = openConnection(file);
    other.exec(statement);
    other.close();
    assert.throws(() => createSqliteStore({ file, clock }), hasCode('STORE_CORRUPT'));
  });
}
