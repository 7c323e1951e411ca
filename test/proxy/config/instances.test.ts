// What several instances may do together: no more than one would. Each number that a process counts by itself is divided, shared, or
// deliberately each instance's own; docs/operations/postgresql.md says which.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCallPlacer } from '../../../src/proxy/calls/place-call.js';
import { createCircuitBreaker } from '../../../src/proxy/calls/circuit-breaker.js';
import { maxUnanswered } from '../../../src/proxy/calls/dispatch-queue.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { indivisibleLimits, limitsOfInstance } from '../../../src/proxy/config/limits.js';
import { createLog, silentLog } from '../../../src/proxy/core/log.js';
import { shareOf } from '../../../src/proxy/core/share.js';
import { createThrottledLog, linesPerSecond } from '../../../src/proxy/core/throttled-log.js';
import { type Counting, countingOf, limitNames, limitsFor, limitSettings } from '../../../src/proxy/gates/limits.js';
import { createRefusedOriginLog, originsPerMinute } from '../../../src/proxy/gates/refused-origins.js';
import { manualClock } from '../store/fixtures/stores.js';

const documented = readFileSync(
  fileURLToPath(new URL('../../../docs/operations/postgresql.md', import.meta.url)),
  'utf8',
);

/** Settings in the rows of the table whose second cell begins with `how`. */
const settingsIn = (how: string): readonly string[] =>
  [...documented.matchAll(/^\| (.*) \| (.*) \|$/gm)]
    .filter(([, , second = '']) => second.startsWith(how))
    .flatMap(([, first = '']) => [...first.matchAll(/`(LIMIT_[A-Z_0-9]+)`/g)].map(([, setting = '']) => setting));

const counted = (counting: Counting): readonly string[] =>
  limitNames.filter((name) => countingOf[name] === counting).map((name) => limitSettings[name].setting);

test('the documented table says of every limit where it is counted', () => {
  assert.deepEqual([...settingsIn('divided')].sort(), [...counted('divided')].sort());
  assert.deepEqual([...settingsIn('each instance')].sort(), [...counted('each')].sort());
});

test('the documented constants are those of the code', () => {
  assert.match(documented, new RegExp(`has not answered: ${String(maxUnanswered)} `));
  assert.match(
    documented,
    new RegExp(`in the log: ${String(linesPerSecond)} a second; refused origins: ${String(originsPerMinute)} a minute`),
  );
});

test('divided limits add up to no more than the limit, whatever it and the number of instances are', () => {
  for (let instances = 1; instances <= 100; instances += 1) {
    for (const whole of [instances, instances + 1, 2 * instances - 1, 7 * instances + 3, 1_000_000]) {
      const limits = Object.fromEntries(limitNames.map((name) => [name, whole])) as ReturnType<typeof limitsFor>;
      const share = limitsOfInstance(limits, instances);
      for (const name of limitNames) {
        if (countingOf[name] !== 'divided') assert.equal(share[name], whole, name);
        else assert.ok(share[name] >= 1 && share[name] * instances <= whole, `${name}: ${String(share[name])}`);
      }
    }
  }
  const none = { ...limitsFor('shipped'), pollsPerSecond: 0 };
  assert.equal(limitsOfInstance(none, 3).pollsPerSecond, 0, 'nothing stays nothing');
});

test('more instances than a divided limit stop the start', () => {
  assert.deepEqual(indivisibleLimits({ ...limitsFor('shipped'), pollsPerSecond: 2, streams: 1 }, 3), [
    { setting: 'LIMIT_POLLS_PER_SECOND', value: 2 },
  ]);
  const env = {
    POLYAI_REGION: 'us',
    POLYAI_ACCOUNT_ID: 'acme',
    POLYAI_PROJECT_ID: 'callbacks',
    POLYAI_CONNECTOR_ID: 'connector-for-three',
    ALLOWED_ORIGINS: 'https://www.example.com',
    ALLOWED_COUNTRIES: 'GB',
    DATABASE_URL: 'postgres://proxy@127.0.0.1/callback',
    SECRET_KEYS: `v1:${Buffer.alloc(32, 7).toString('base64')}`,
    LIMIT_POLLS_PER_SECOND: '2',
  };
  assert.equal(readConfig({ ...env, INSTANCES: '2' }).instances, 2);
  assert.throws(() => readConfig({ ...env, INSTANCES: '3' }), /LIMIT_POLLS_PER_SECOND[^]*at least 3[^]*INSTANCES=3/);
});

test('the lines that several instances log of one event add up to the limit of one', () => {
  const written: string[] = [];
  const clock = manualClock();
  for (let instance = 0; instance < 3; instance += 1) {
    const log = createThrottledLog(createLog({ write: (line) => written.push(line), clock, secrets: [] }), clock, 3);
    for (let n = 0; n < 100; n += 1) log.warn('request-refused');
  }
  assert.equal(written.length, 3 * shareOf(linesPerSecond, 3));
  assert.ok(written.length <= linesPerSecond, 'no more than one instance would');
});

test('the refused origins that several instances report add up to the limit of one', () => {
  let reported = 0;
  const clock = manualClock();
  for (let instance = 0; instance < 3; instance += 1) {
    const report = createRefusedOriginLog([], { warn: () => void (reported += 1) }, clock, 3);
    for (let n = 0; n < 100; n += 1) report(`https://${String(instance)}-${String(n)}.example`);
  }
  assert.equal(reported, 3 * shareOf(originsPerMinute, 3));
});

test('the triggers that several instances have unanswered add up to the limit of one', async () => {
  const clock = manualClock();
  let sent = 0;
  for (let instance = 0; instance < 3; instance += 1) {
    const credential = { tryAgainAt: () => undefined, recordTrigger: () => {} };
    const placer = createCallPlacer({
      store: { settle: () => new Promise(() => {}) },
      polyai: { place: () => ((sent += 1), new Promise(() => {})) },
      breaker: createCircuitBreaker(clock, credential),
      credential,
      clock,
      log: silentLog,
      instances: 3,
    });
    while (placer.hasRoom()) {
      const pass = placer.admit();
      assert.ok(pass.allowed);
      const call = { id: `${String(instance)}-${String(sent)}` } as Parameters<typeof placer.place>[0]['call'];
      void placer.place({ call, number: '+442079460000', metadata: undefined, pass: pass.value, visitor: call.id });
    }
  }
  // Each is sent once it has entered the queue.
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(maxUnanswered, 10);
  assert.equal(sent, 9, 'three each, of 10 at most');
});
