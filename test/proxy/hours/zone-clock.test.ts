// The zone arithmetic checked against Temporal, over every transition of every zone in the tables.
// Mutations that turn it red: swap Math.min and Math.max in toInstant; drop the minutes of an offset; take the
// offsets at the local time itself instead of a day on each side.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Temporal } from 'temporal-polyfill';
import { countryZones } from '../../../src/proxy/hours/tables/country-zones.js';
import { correctionsFor } from '../../../src/proxy/hours/zone-corrections.js';
import { prefixZones } from '../../../src/proxy/hours/tables/prefix-zones.js';
import {
  dayMs,
  dayOf,
  knownZone,
  offsetMs,
  startOfDay,
  toInstant,
  wallText,
} from '../../../src/proxy/hours/zone-clock.js';

const first = Temporal.Instant.from('2025-01-01T00:00:00Z');
const last = Temporal.Instant.from('2031-01-01T00:00:00Z');
// Zones that this runtime gets wrong are compared with newer data instead (zone-corrections.test.ts).
const corrected = correctionsFor(process.versions['tz']);
const zones = [
  ...new Set([
    ...prefixZones.flatMap((line) => (line.split(': ')[0] ?? '').split(' ')),
    ...countryZones.flatMap((line) => (line.split(': ')[1] ?? '').split(' ')),
  ]),
]
  .filter((zone) => !corrected.has(zone))
  .sort();

function changesOf(zone: string): Temporal.ZonedDateTime[] {
  const found: Temporal.ZonedDateTime[] = [];
  let at = first.toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  while (at !== null && Temporal.Instant.compare(at.toInstant(), last) < 0) {
    found.push(at);
    at = at.getTimeZoneTransition('next');
  }
  return found;
}

test('Intl knows every zone in the tables by the name used there', () => {
  assert.ok(zones.length > 300);
  assert.deepEqual(
    zones.filter((zone) => knownZone(zone) !== zone),
    [],
  );
});

test('local times around every transition from 2025 to 2030 map to the same instants as in Temporal, in every zone', () => {
  let readings = 0;
  let changes = 0;
  const wrong: string[] = [];
  for (const zone of zones) {
    for (const change of changesOf(zone)) {
      changes += 1;
      const around = change.toPlainDateTime();
      // Offsets have no finer step than a quarter of an hour; three hours cover the widest transition (Troll, two hours).
      for (let quarter = -12; quarter <= 12; quarter += 1) {
        const reading = around.add({ minutes: quarter * 15 });
        const local = Date.parse(`${reading.toString({ smallestUnit: 'second' })}Z`);
        for (const choose of ['earlier', 'later'] as const) {
          readings += 1;
          const expected = reading.toZonedDateTime(zone, { disambiguation: choose }).epochMilliseconds;
          if (toInstant(zone, local, choose) !== expected) wrong.push(`${zone} ${reading.toString()} ${choose}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(changes > 1_400 && readings > 70_000, `${changes} changes, ${readings} readings`);
});

test('offsets on both sides of every transition match Temporal', () => {
  const wrong = zones.flatMap((zone) =>
    changesOf(zone).filter((change) =>
      [-1, 0].some((ms) => {
        const at = change.add({ milliseconds: ms });
        return offsetMs(zone, at.epochMilliseconds) !== at.offsetNanoseconds / 1e6;
      }),
    ),
  );
  assert.deepEqual(wrong.map(String), []);
});

test('the day of every transition begins and ends as in Temporal, even where midnight is skipped or occurs twice', () => {
  const wrong: string[] = [];
  for (const zone of zones) {
    for (const change of changesOf(zone)) {
      for (const days of [-1, 0, 1]) {
        const day = change.add({ days }).startOfDay();
        const number = Math.round(Date.parse(`${day.toPlainDate().toString()}T00:00:00Z`) / dayMs);
        if (startOfDay(zone, number) !== day.epochMilliseconds) wrong.push(`${zone} ${day.toString()}`);
        if (dayOf(zone, day.epochMilliseconds) !== number) wrong.push(`${zone} ${day.toString()} is another day`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('local times are exact to the minute, in half-hour and quarter-hour zones too', () => {
  const instant = Date.parse('2026-03-01T20:20:00Z');
  assert.equal(wallText('Asia/Kathmandu', instant), '2026-03-02T02:05');
  assert.equal(wallText('America/St_Johns', instant), '2026-03-01T16:50');
  assert.equal(wallText('Pacific/Chatham', instant), '2026-03-02T10:05');
  assert.equal(wallText('Pacific/Kiritimati', instant), '2026-03-02T10:20');
  assert.equal(wallText('Pacific/Pago_Pago', instant), '2026-03-01T09:20');
});

test('each zone has one canonical name, and a name of no zone is rejected', () => {
  assert.equal(knownZone('Asia/Kolkata'), knownZone('Asia/Calcutta'));
  assert.equal(knownZone('america/argentina/buenos_aires'), knownZone('America/Buenos_Aires'));
  for (const name of ['', 'Mars/Olympus', '+05:30', '-08:00', 'Europe/London ', '../etc/passwd', 'x'.repeat(9999)]) {
    assert.equal(knownZone(name), undefined, name.slice(0, 20));
  }
});
