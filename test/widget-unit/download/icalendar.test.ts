// The calendar file of a callback, parsed as RFC 5545 specifies. Mutations that turn it red: line endings of
// "\n"; folding by characters; `escaped` without one of its characters; local times.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CalendarEntry, calendarFile } from '../../../src/widget/download/icalendar.js';

const entry: CalendarEntry = {
  id: 'k3q7x2m9p4w8z6t5r1y0abcdefgh',
  at: '2026-03-03T08:00:00.000Z',
  minutes: 10,
  now: Date.UTC(2026, 2, 2, 23, 0, 5, 250),
  title: 'Call from Example Ltd',
  description: '+1 415 555 0199 is calling you.',
};

/** Unfolds a file and splits it into its properties. */
function read(file: string): Map<string, string> {
  const lines = file.replaceAll('\r\n ', '').split('\r\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

test('it names the call, its UTC time and the caller', () => {
  const file = calendarFile(entry);
  assert.ok(file.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:'));
  assert.ok(file.endsWith('END:VEVENT\r\nEND:VCALENDAR\r\n'));
  const properties = read(file);
  assert.equal(properties.get('UID'), entry.id);
  assert.equal(properties.get('DTSTAMP'), '20260302T230005Z');
  assert.equal(properties.get('DTSTART'), '20260303T080000Z');
  assert.equal(properties.get('DURATION'), 'PT10M');
  assert.equal(properties.get('SUMMARY'), 'Call from Example Ltd');
  assert.equal(properties.get('DESCRIPTION'), '+1 415 555 0199 is calling you.');
});

test('an appointment has its own end, or none', () => {
  const { minutes: _, ...open } = entry;
  const until = read(calendarFile({ ...entry, end: '2026-03-03T09:15:00+01:00' }));
  assert.equal(until.get('DTEND'), '20260303T081500Z');
  assert.equal(until.has('DURATION'), false);
  const moment = read(calendarFile(open));
  assert.equal(moment.has('DTEND') || moment.has('DURATION'), false);
});

test('every line ends in CRLF and has at most 75 octets, whatever the script, and no character is split', () => {
  for (const title of ['a'.repeat(200), 'Zahnärzte '.repeat(30), '株式会社'.repeat(40), '🏔️ '.repeat(60)]) {
    const file = calendarFile({ ...entry, title });
    assert.doesNotMatch(file.replaceAll('\r\n', ''), /[\r\n]/);
    for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.equal(read(file).get('SUMMARY'), title);
    assert.ok(!file.includes('\uFFFD'));
  }
});

test('a business’s name cannot inject properties', () => {
  const title = 'Fish, chips; and \\peas\r\nATTENDEE:mailto:a@example.com\u0007';
  const file = calendarFile({ ...entry, title });
  assert.equal(read(file).get('SUMMARY'), 'Fish\\, chips\\; and \\\\peas\\nATTENDEE:mailto:a@example.com');
  assert.ok(!/^ATTENDEE/m.test(file));
});
