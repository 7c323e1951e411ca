// Zone offsets checked against Debian's time-zone data, and what the startup report says about the runtime's own data.
// Mutations that turn it red: remove a correction; reverse the comparison of releases.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHours } from '../../../src/proxy/hours/hours.js';
import { correctedUpTo, correctionsFor, zoneDataReport } from '../../../src/proxy/hours/zone-corrections.js';
import { offsetMs, wallText } from '../../../src/proxy/hours/zone-clock.js';
import { tzdataOffsets, tzdataRelease } from './fixtures/tzdata.js';

const halfDay = 43_200_000;
const end = Date.parse('2028-12-31T00:00:00Z');

test('every zone matches Debian’s newest data until the end of 2028', () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const line of tzdataOffsets) {
    const [zone = '', list = ''] = line.split(': ');
    const changes = list.split(', ').map((change) => {
      const [at = '', minutes = ''] = change.split(' ');
      return { at: Date.parse(at.replace('Z', ':00:00Z')), minutes: Number(minutes) };
    });
    let index = 0;
    for (let instant = changes[0]?.at ?? end; instant < end; instant += halfDay) {
      while ((changes[index + 1]?.at ?? Infinity) <= instant) index += 1;
      seen += 1;
      if (offsetMs(zone, instant) !== (changes[index]?.minutes ?? 0) * 60_000)
        wrong.push(`${zone} ${wallText('UTC', instant)}`);
    }
  }
  assert.ok(seen > 400_000, String(seen));
  assert.deepEqual(wrong, []);
});

test('the corrections are as new as the data they are compared with', () => assert.equal(correctedUpTo, tzdataRelease));

test('a runtime with new enough data keeps its own offsets', () => {
  assert.equal(correctionsFor('2026f').size, 0);
  assert.equal(correctionsFor('2027a').size, 0);
  assert.deepEqual([...correctionsFor('2026e').keys()], ['America/Havana']);
  assert.ok(correctionsFor('2025c').has('America/Vancouver'));
  assert.deepEqual(correctionsFor(undefined), correctionsFor('2025c'));
});

test('the startup report distinguishes old data from new', () => {
  assert.deepEqual(zoneDataReport('2025c'), { release: '2025c', correctedUpTo: '2026f', isOlder: true });
  assert.equal(zoneDataReport('2026f').isOlder, false);
  assert.equal(zoneDataReport('2026g').isOlder, false);
});

describe('an hour when the law forbids calls', () => {
  const hours = createHours({ profile: 'requested', closed: new Set(), roomMinutes: 10 });
  for (const [e164, country, browserZone, at, open] of [
    ['+16045550123', 'CA', 'America/Vancouver', '2026-11-26T05:15:00Z', false],
    ['+14035550123', 'CA', 'America/Edmonton', '2026-11-26T04:15:00Z', false],
    ['+18675550123', 'CA', 'America/Inuvik', '2026-11-26T04:15:00Z', false],
    ['+12045550123', 'CA', 'America/Winnipeg', '2026-11-26T03:15:00Z', false],
    ['+212650123456', 'MA', 'Africa/Casablanca', '2026-11-25T07:10:00Z', false],
    ['+5351234567', 'CU', 'America/Havana', '2026-12-02T01:30:00Z', false],
    ['+16045550123', 'CA', 'America/Vancouver', '2026-11-26T04:15:00Z', true],
    ['+212650123456', 'MA', 'Africa/Casablanca', '2026-11-25T08:10:00Z', true],
    // Zones by area code.
    ['+16895550123', 'US', 'America/New_York', '2026-12-02T08:30:00-05:00', true],
    ['+14232085550', 'US', 'America/New_York', '2026-12-02T08:30:00-05:00', true],
    ['+12192085550', 'US', 'America/Chicago', '2026-12-02T19:30:00-06:00', true],
    ['+14745550123', 'CA', 'America/Regina', '2027-07-14T21:10:00-06:00', true],
    ['+12735550123', 'CA', 'America/Toronto', '2026-12-02T10:00:00-05:00', true],
    ['+18509995550', 'US', 'America/Chicago', '2026-12-02T19:30:00-06:00', false],
    ['+14482085550', 'US', 'America/Chicago', '2026-12-02T19:30:00-06:00', false],
    ['+14362085550', 'US', 'America/New_York', '2026-12-02T08:30:00-05:00', true],
  ] as const) {
    test(`${e164} with ${browserZone} at ${at}: ${open ? 'open' : 'closed'}`, () => {
      const type = country === 'MA' || country === 'CU' ? 'MOBILE' : 'FIXED_LINE_OR_MOBILE';
      const verdict = hours.verdict({ e164, country, type, browserZone, now: Date.parse(at) });
      assert.equal(verdict.open, open, verdict.zones.join());
    });
  }
});
