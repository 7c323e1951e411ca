// `npm run test:crash -- --keys 2000 --store postgres --keys-per-trial 6 --lanes 2`: kill -9 trials in parallel lanes, each with its own
// database and fake PolyAI, until that many keys have been used; on both stores unless one is named. `--clock-back 60`: the clock goes
// back an hour at each restart (SQLite only: PostgreSQL has its own clock). `--victim database`: PostgreSQL is killed instead of the proxy.
// `npm run test:crash -- --requests 2000`: that many parallel requests to four processes on one database.
// `--write` keeps the results in results.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { startPostgres } from '../fixtures/postgres-server.js';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { runDatabaseTrials } from './database-trials.js';
import { moments, runKillTrials } from './kill-trials.js';
import type { RunReport } from './trial-run.js';
import { postgresTrials, sqliteTrials } from './trial-stores.js';

const stores = ['sqlite', 'postgres'] as const;
type StoreName = (typeof stores)[number];
const titles: Readonly<Record<StoreName | 'database', string>> = {
  sqlite: 'SQLite, the proxy is killed',
  postgres: 'PostgreSQL, the proxy is killed',
  database: 'PostgreSQL, the database is killed',
};

const { values } = parseArgs({
  options: {
    keys: { type: 'string' },
    'keys-per-trial': { type: 'string', default: '3' },
    store: { type: 'string' },
    victim: { type: 'string', default: 'proxy' },
    'clock-back': { type: 'string', default: '0' },
    lanes: { type: 'string', default: '1' },
    requests: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const named = stores.filter((name) => values.store === undefined || values.store === name);
if (named.length === 0) throw new Error('--store is sqlite or postgres');
if (values.victim !== 'proxy' && values.victim !== 'database') throw new Error('--victim is proxy or database');
const clockBackMs = Number(values['clock-back']) * 60_000;
const keysPerTrial = Number(values['keys-per-trial']);

const print = (value: unknown): void =>
  void process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

type Report = RunReport & { readonly trials: number; readonly missed: number; readonly seconds: number };
type Progress = (done: number) => void;

async function runTrials(name: StoreName, trials: number, onProgress: Progress): Promise<Report> {
  const options = { trials, waits: true, keysPerTrial, onProgress };
  if (values.victim === 'database') return runDatabaseTrials(await startPostgres(), options);
  const store = name === 'sqlite' ? sqliteTrials() : await postgresTrials(await startPostgres());
  try {
    return await runKillTrials(store, { ...options, ...(name === 'sqlite' && { clockBackMs }) });
  } finally {
    await store.remove();
  }
}

/** Keeps a result in results.md, in place of the last one of its kind. */
function keep(title: string, reports: readonly Report[]): void {
  const file = new URL('results.md', import.meta.url);
  const sum = (name: Exclude<keyof Report, 'seconds'>): string =>
    reports.reduce((total, report) => total + report[name], 0).toLocaleString('en');
  const minutes = Math.max(...reports.map(({ seconds }) => seconds)) / 60;
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model.trim() ?? '?'}, ${String(Math.round(totalmem() / 2 ** 30))} GB, Node ${process.versions.node}`;
  const section = `## ${title}

Written on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC. Machine: ${machine}, load ${loadavg()[0]?.toFixed(1) ?? '?'} at the end.

| | |
| --- | --- |
| kills; of these, at another moment than planned | ${sum('trials')}; ${sum('missed')} |
| keys; of these, for a later time | ${sum('keys')}; ${sum('scheduled')} |
| requests | ${sum('requests')} |
| triggers | ${sum('triggers')} |
| numbers that were triggered twice | ${sum('duplicates')} |
| ends | completed ${sum('completed')}, unknown ${sum('unknown')}, canceled ${sum('canceled')} |
| minutes | ${minutes.toFixed(0)} |
`;
  const text = readFileSync(file, 'utf8');
  const [head = '', ...sections] = text.split(/^(?=## )/m);
  const others = sections.filter((one) => !one.startsWith(`## ${title}\n`)).map((one) => `${one.trim()}\n`);
  writeFileSync(file, [head, ...[...others, section].sort().reverse()].join('\n').replaceAll(/\n{3,}/g, '\n\n'));
}

if (values.requests !== undefined)
  for (const name of named) {
    const empty = async () => (name === 'sqlite' ? sqliteTrials() : postgresTrials(await startPostgres()));
    print({ store: name, ...(await runCapTrial(await empty(), { requests: Number(values.requests) })) });
    const keys = Math.ceil(Number(values.requests) / 8);
    const triggers = await runSameKeyTrial(await empty(), { keys });
    print({ store: name, keys, sentEachToFourProcesses: 2, triggers });
  }
if (values.keys !== undefined) {
  const lanes = Number(values.lanes);
  // With one of the moments, no key is used.
  const share = values.victim === 'database' ? 1 : moments.length / (moments.length - 1);
  const each = Math.ceil((Number(values.keys) / keysPerTrial / lanes) * share);
  for (const name of values.victim === 'database' ? (['postgres'] as const) : named) {
    const title = titles[values.victim === 'database' ? 'database' : name];
    const reports = await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        runTrials(name, each, (done) => {
          if (done % 25 === 0)
            print(`${title}, lane ${String(lane + 1)}: ${String(done)} of ${String(each)}, no duplicate`);
        }),
      ),
    );
    for (const report of reports) print(report);
    if (values.write) keep(title, reports);
  }
}
// The servers end with this process.
process.exit();
