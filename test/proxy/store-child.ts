// Run by store-children.ts in a process of its own: opens the store on the given file and reserves as its errand says. Prints `+id` for
// every reservation that was acknowledged, nothing before it was.

import { writeSync } from 'node:fs';
import { systemClock } from '../../src/proxy/clock.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { StoreUnavailable } from '../../src/proxy/store/store.js';
import type { Errand } from './store-children.js';
import { day, gcra, reservation, spendOf, startOfTime } from './store-worlds.js';

const [file, errand, start] = process.argv.slice(2) as [string, Errand, string];
const clock = { ...systemClock, now: () => startOfTime };
const store = createSqliteStore({ file, clock, lockTimeoutMs: 60_000 });
const say = (line: string): void => void writeSync(1, `${line}\n`);

let made = 0;
const asked = () => {
  made += 1;
  const id = `${process.pid}-${made}`;
  return reservation(clock.now(), {
    callId: id,
    idempotencyKey: `key-${id}-`.padEnd(22, '0'),
    numberKeys: [`v1:${id}`],
    holds: [{ scope: 'number', key: `v1:${id}`, max: 1 }],
  });
};

say('ready');
if (start === 'wait') await new Promise((resolve) => process.stdin.once('data', resolve));

switch (errand) {
  case 'reserve-for-ever':
    for (;;) {
      const request = asked();
      if ((await store.reserve(request)).kind === 'reserved') say(`+${request.callId}`);
    }
  case 'until-unavailable':
    try {
      for (;;) {
        const request = asked();
        await store.reserve(request);
        say(`+${request.callId}`);
      }
    } catch (error) {
      const ping = await store.ping().then(
        () => 'ping-well',
        (fault: unknown) => (fault instanceof StoreUnavailable ? 'ping-unavailable' : 'ping-other'),
      );
      say(`${error instanceof StoreUnavailable ? 'unavailable' : 'other'} ${ping}`);
    }
    break;
  case 'meet-the-cap': {
    const spends = [spendOf('all', 'all', gcra(37, day))];
    for (let n = 0; n < 60; n += 1) {
      const request = { ...asked(), spends };
      if ((await store.reserve(request)).kind === 'reserved') say(`+${request.callId}`);
    }
    say('done 60');
    break;
  }
}
process.exit(0);
