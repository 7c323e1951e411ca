// The zone arithmetic against Temporal, over every change of every zone of the tables.
// Mutations that turn it red: swap Math.min and Math.max in toInstant; drop the minutes of an offset; look for the
// offsets at the reading itself instead of a day to each side.
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
// Zones whose clocks this runtime has wrong are compared with newer data instead (zone-corrections.test.ts).
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

test('every zone of the tables is known to Intl under the name it has there', () => {
  assert.ok(zones.length > 300);
  assert.deepEqual(
    zones.filter((zone) => knownZone(zone) !== zone),
    [],
  );
});

test('readings around every change 2025–2030 mean the instants Temporal says, in every zone', () => {
  let readings = 0;
  let changes = 0;
  const wrong: string[] = [];
  for (const zone of zones) {
    for (const change of changesOf(zone)) {
      changes += 1;
      const around = change.toPlainDateTime();
      // A quarter of an hour is the finest step any offset has; three hours hold the widest change (Troll, two hours).
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

test('offsets on both sides of every change are Temporal’s', () => {
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

test('the day of every change begins and ends where Temporal says, also where midnight is skipped or comes twice', () => {
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

test('clocks are told to the minute, in zones of half and quarter hours too', () => {
  const instant = Date.parse('2026-03-01T20:20:00Z');
  assert.equal(wallText('Asia/Kathmandu', instant), '2026-03-02T02:05');
  assert.equal(wallText('America/St_Johns', instant), '2026-03-01T16:50');
  assert.equal(wallText('Pacific/Chatham', instant), '2026-03-02T10:05');
  assert.equal(wallText('Pacific/Kiritimati', instant), '2026-03-02T10:20');
  assert.equal(wallText('Pacific/Pago_Pago', instant), '2026-03-01T09:20');
});

test('a zone goes by one name, and what names no zone is none', () => {
  assert.equal(knownZone('Asia/Kolkata'), knownZone('Asia/Calcutta'));
  assert.equal(knownZone('america/argentina/buenos_aires'), knownZone('America/Buenos_Aires'));
  for (const name of ['', 'Mars/Olympus', '+05:30', '-08:00', 'Europe/London ', '../etc/passwd', 'x'.repeat(9999)]) {
    assert.equal(knownZone(name), undefined, name.slice(0, 20));
  }
});
