// Reads compiled time-zone files (TZif, RFC 9636) of a system's zoneinfo folder: the transitions they list. Independent of the runtime's
// own time-zone data, which the results are compared with.

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A zone's offsets from UTC: in force before the first transition, and from each transition on. */
export interface ZoneOffsets {
  /** Minutes ahead of UTC. */
  readonly first: number;
  /** Ascending. `at`: epoch milliseconds. */
  readonly transitions: readonly { readonly at: number; readonly minutes: number }[];
}

/** The release of a zoneinfo folder: `2026f`. Throws where its `tzdata.zi` does not name one. */
export function readRelease(folder: string): string {
  const [line = ''] = readFileSync(path.join(folder, 'tzdata.zi'), 'utf8').split('\n', 1);
  const release = /^# version (\d{4}[a-z]+)$/.exec(line)?.[1];
  if (release === undefined) throw new Error(`${folder}/tzdata.zi does not begin with "# version"`);
  return release;
}

/**
 * A zone's transitions up to `until` (epoch milliseconds). Throws where the file ends earlier and continues as a rule: such a folder was
 * compiled with `zic -b slim`; Debian's lists every transition until 2037.
 */
export function readZone(folder: string, zone: string, until: number): ZoneOffsets {
  const file = readFileSync(path.join(folder, zone));
  if (file.toString('latin1', 0, 4) !== 'TZif' || file.readUInt8(4) < 0x32)
    throw new Error(`${zone}: not TZif 2 or newer`);
  const { end: second } = blockAt(file, 0, 4);
  const { at, counts, end } = blockAt(file, second, 8);
  const indexes = at + counts.times * 8;
  const types = indexes + counts.times;
  const minutesOf = (type: number): number => file.readInt32BE(types + type * 6) / 60;
  const transitions = Array.from({ length: counts.times }, (_, index) => ({
    at: Number(file.readBigInt64BE(at + index * 8)) * 1_000,
    minutes: minutesOf(file.readUInt8(indexes + index)),
  }));
  // The footer names the rule after the last transition; one with a comma changes clocks every year.
  const footer = file.toString('latin1', end);
  if (footer.includes(',') && (transitions.at(-1)?.at ?? 0) < until)
    throw new Error(`${zone}: ends before the rule in its footer`);
  return { first: minutesOf(0), transitions };
}

/** A header and its data block. `size`: of a time, 4 bytes in the first block and 8 in the second. */
function blockAt(file: Buffer, header: number, size: number) {
  const count = (index: number): number => file.readUInt32BE(header + 20 + index * 4);
  const counts = {
    utc: count(0),
    standard: count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    letters: count(5),
  };
  const at = header + 44;
  const length =
    counts.times * (size + 1) +
    counts.types * 6 +
    counts.letters +
    counts.leaps * (size + 4) +
    counts.standard +
    counts.utc;
  return { at, counts, end: at + length };
}
