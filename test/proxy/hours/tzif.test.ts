// The reader of compiled time-zone files, from which the fixture of offsets is generated. Mutation that turns it red: read the first
// block, whose times have four bytes.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readRelease, readZone } from '../../../scripts/hours-tables/tzif.js';

const folder = mkdtempSync(path.join(tmpdir(), 'polyai-callback-tzif-'));
after(() => rmSync(folder, { recursive: true }));

/** One block of RFC 9636: header, times, their types, two types and their names. */
function block(size: 4 | 8, times: readonly (readonly [at: string, type: number])[]): Buffer {
  const header = Buffer.alloc(44);
  header.write('TZif2', 0, 'latin1');
  [0, 0, 0, times.length, 2, 8].forEach((count, index) => header.writeUInt32BE(count, 20 + index * 4));
  const data = Buffer.alloc(times.length * (size + 1) + 2 * 6 + 8);
  times.forEach(([at, type], index) => {
    const seconds = Date.parse(at) / 1_000;
    if (size === 8) data.writeBigInt64BE(BigInt(seconds), index * size);
    else data.writeInt32BE(seconds, index * size);
    data.writeUInt8(type, times.length * size + index);
  });
  [-12_600, 3_600].forEach((seconds, type) => data.writeInt32BE(seconds, times.length * (size + 1) + type * 6));
  return Buffer.concat([header, data]);
}

const write = (name: string, times: readonly (readonly [string, number])[], footer: string): void =>
  writeFileSync(
    path.join(folder, name),
    Buffer.concat([block(4, [['2001-01-01T00:00:00Z', 1]]), block(8, times), Buffer.from(`\n${footer}\n`)]),
  );

test('the transitions of the block with times of eight bytes', () => {
  write(
    'Fixed',
    [
      ['2026-03-08T05:30:00Z', 1],
      ['2040-01-01T00:00:00Z', 0],
    ],
    '<-0330>3:30',
  );
  assert.deepEqual(readZone(folder, 'Fixed', Date.parse('2028-12-31T00:00:00Z')), {
    first: -210,
    transitions: [
      { at: Date.parse('2026-03-08T05:30:00Z'), minutes: 60 },
      { at: Date.parse('2040-01-01T00:00:00Z'), minutes: -210 },
    ],
  });
});

test('a file that ends before the period is refused where it goes on as a rule', () => {
  write('Slim', [['2007-03-11T07:00:00Z', 1]], 'EST5EDT,M3.2.0,M11.1.0');
  assert.throws(() => readZone(folder, 'Slim', Date.parse('2028-12-31T00:00:00Z')), /ends before the rule/);
  writeFileSync(path.join(folder, 'Text'), 'TZ as text, long enough');
  assert.throws(() => readZone(folder, 'Text', 0), /not TZif 2/);
});

test('the release is read from tzdata.zi', () => {
  writeFileSync(path.join(folder, 'tzdata.zi'), '# version 2026f\n# redo\n');
  assert.equal(readRelease(folder), '2026f');
  writeFileSync(path.join(folder, 'tzdata.zi'), '# something else\n');
  assert.throws(() => readRelease(folder), /does not begin/);
});
