// `calls` and `export` without a number: filters, formats, and progress on long work. call-records.ts defines what a record
// contains.

import { closeSync, openSync, writeSync } from 'node:fs';
import { callStatuses, isCallStatus } from '../../contract.js';
import type { ProxyConfig } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import { openKeyring } from '../open-proxy.js';
import type { CallArchive, CallFilter } from '../store/sql/call-archive.js';
import { openArchive } from '../store/open-store.js';
import { conversionRequestOf, writeConversions } from './conversion-export.js';
import type { CallDetails } from '../store/store.js';
import { type Column, columns, csvLine, exportLine, recordOf, type RecordOptions } from '../owner/call-records.js';

/** Dependencies of both commands. */
export interface ListingDeps {
  readonly config: Pick<ProxyConfig, 'database' | 'keys'>;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly print: (line: string) => void;
  readonly note: (line: string) => void;
  /** Epoch milliseconds, for relative times. */
  readonly now?: () => number;
}

type Parsed<T> = { readonly value: T } | { readonly wrong: string };

/** `calls`: the latest ones. */
export async function listCalls({ config, options, print, note, now }: ListingDeps): Promise<0 | 2> {
  const filter = filterOf(options, now);
  const format = oneOf(options['format'], ['table', 'csv', 'jsonl'] as const, 'format');
  const limit = countOf(options['limit'], 50);
  for (const parsed of [filter, format, limit]) if ('wrong' in parsed) return mistake(parsed.wrong, note);
  if ('wrong' in filter || 'wrong' in format || 'wrong' in limit) return 2;
  return withArchive<0>(config, options, async (archive, recordOptions) => {
    const calls = await archive.latest(filter.value, limit.value);
    if (format.value === 'table') printTable(calls, recordOptions, print);
    else {
      if (format.value === 'csv') print(csvLine(columns));
      for (const call of calls) print(exportLine(format.value, call, recordOptions));
    }
    if (format.value === 'table' && calls.length === limit.value)
      note(`These are the latest ${String(limit.value)}. Use --limit to list more, or export to get all.`);
    return 0;
  });
}

/** `export`: all of them. */
export async function exportCalls({ config, options, print, note, now }: ListingDeps): Promise<0 | 1 | 2> {
  const filter = filterOf(options, now);
  if (options['conversions'] !== undefined)
    return exportConversions({ config, options, print, note, ...(now && { now }) }, filter);
  const orphan = conversionOptions.find((name) => options[name] !== undefined);
  if (orphan !== undefined) return mistake(`--${orphan}: only with --conversions.`, note);
  const format = oneOf(options['format'], ['csv', 'jsonl'] as const, 'format');
  for (const parsed of [filter, format]) if ('wrong' in parsed) return mistake(parsed.wrong, note);
  if ('wrong' in filter || 'wrong' in format) return 2;
  return withArchive<0 | 1>(config, options, async (archive, recordOptions) => {
    const output = openOutput(options['output'], print);
    if ('wrong' in output) {
      note(output.wrong);
      return 1;
    }
    try {
      const total = await archive.count(filter.value);
      let done = 0;
      if (format.value === 'csv') output.value.write(csvLine(columns));
      for await (const page of archive.pages(filter.value)) {
        for (const call of page) output.value.write(exportLine(format.value, call, recordOptions));
        done += page.length;
        if (done < total) note(`${String(done)} of ${String(total)} calls`);
      }
      note(`Exported ${String(done)} calls.`);
      return 0;
    } finally {
      output.value.close();
    }
  });
}

/** Options of `export` that only conversions have. */
const conversionOptions = ['name', 'qualified-after', 'disposition', 'value', 'currency', 'consent'] as const;

async function exportConversions(
  { config, options, print, note, now = Date.now }: ListingDeps,
  filter: Parsed<CallFilter>,
): Promise<0 | 1 | 2> {
  const request = conversionRequestOf(options, now());
  for (const parsed of [filter, request]) if ('wrong' in parsed) return mistake(parsed.wrong, note);
  if ('wrong' in filter || 'wrong' in request) return 2;
  return withArchive<0 | 1>(config, options, async (archive, { keyring }) => {
    const output = openOutput(options['output'], print);
    if ('wrong' in output) {
      note(output.wrong);
      return 1;
    }
    try {
      await writeConversions(archive.pages(filter.value), request.value, keyring, { ...output.value, note });
      return 0;
    } finally {
      output.value.close();
    }
  });
}

async function withArchive<Code>(
  config: ListingDeps['config'],
  options: ListingDeps['options'],
  work: (archive: CallArchive, recordOptions: RecordOptions) => Promise<Code>,
): Promise<Code> {
  const { archive, close } = await openArchive(config.database, systemClock);
  try {
    return await work(archive, { keyring: openKeyring(config), showNumbers: options['show-numbers'] === true });
  } finally {
    await close();
  }
}

const shown: readonly Column[] = ['created', 'status', 'because', 'scheduled_for', 'number', 'site', 'id'];

function printTable(calls: readonly CallDetails[], options: RecordOptions, print: (line: string) => void): void {
  const rows = [shown, ...calls.map((call) => shown.map((column) => recordOf(call, options)[column]))];
  const widths = shown.map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  for (const row of rows)
    print(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function openOutput(
  path: string | boolean | undefined,
  print: (line: string) => void,
): Parsed<{ write(line: string): void; close(): void }> {
  if (typeof path !== 'string') return { value: { write: print, close: () => {} } };
  try {
    // Only a new file: an export must not overwrite an existing one, such as the database.
    const handle = openSync(path, 'wx', 0o600);
    return { value: { write: (line) => void writeSync(handle, `${line}\n`), close: () => closeSync(handle) } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault';
    return { wrong: code === 'EEXIST' ? `${path} exists; choose a new file.` : `${path} cannot be written (${code}).` };
  }
}

function filterOf(options: ListingDeps['options'], now: () => number = Date.now): Parsed<CallFilter> {
  const since = timeOf('since', options['since'], now);
  const until = timeOf('until', options['until'], now);
  const statuses = statusesOf(options['status']);
  for (const parsed of [since, until, statuses]) if ('wrong' in parsed) return parsed;
  if ('wrong' in since || 'wrong' in until || 'wrong' in statuses) return { wrong: '' };
  const { site } = options;
  return {
    value: {
      ...(since.value !== undefined && { since: since.value }),
      ...(until.value !== undefined && { until: until.value }),
      ...(statuses.value !== undefined && { statuses: statuses.value }),
      ...(typeof site === 'string' && { origin: site }),
    },
  };
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function timeOf(name: string, text: string | boolean | undefined, now: () => number): Parsed<number | undefined> {
  if (typeof text !== 'string') return { value: undefined };
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return { value: now() - Number(count) * (unitMs[unit] ?? 0) };
  // A date alone means its beginning in UTC; a time needs an offset, because local time would depend on the machine.
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    return {
      wrong: `--${name}: expected a date such as 2026-03-01, an instant such as 2026-03-01T09:00Z, or 24h or 7d.`,
    };
  return { value: at };
}

function statusesOf(text: string | boolean | undefined): Parsed<CallFilter['statuses']> {
  if (typeof text !== 'string') return { value: undefined };
  const words = text.split(',').map((word) => word.trim());
  const known = words.filter(isCallStatus);
  if (known.length < words.length || known.length === 0)
    return { wrong: `--status: expected some of ${callStatuses.join(', ')}.` };
  return { value: known };
}

function countOf(text: string | boolean | undefined, fallback: number): Parsed<number> {
  if (typeof text !== 'string') return { value: fallback };
  return /^[1-9]\d{0,5}$/.test(text)
    ? { value: Number(text) }
    : { wrong: '--limit: expected a number from 1 to 999999.' };
}

function oneOf<const Word extends string>(
  text: string | boolean | undefined,
  words: readonly [Word, ...Word[]],
  name: string,
): Parsed<Word> {
  if (typeof text !== 'string') return { value: words[0] };
  const word = words.find((one) => one === text);
  return word === undefined ? { wrong: `--${name}: expected ${words.join(', ')}.` } : { value: word };
}

function mistake(message: string, note: (line: string) => void): 2 {
  note(message);
  return 2;
}
