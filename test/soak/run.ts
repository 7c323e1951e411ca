// `npm run soak -- --minutes 30`: the built proxy under half load for a long time, with a fault every 60 seconds, chosen by a seed.
// At its end no phone rang twice, every accepted call reached its end in the journal and on its page, and neither what the proxy keeps in
// memory nor its file descriptors grew. Loopback only. `--store postgres` runs it on PostgreSQL; `--write` keeps the result in results.md.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isTerminal, type CallStatus, type JournalItem } from '../../src/contract.js';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { memoryBytes } from '../bench/process-use.js';
import { killLeftovers, type ProxyProcess, startProcess } from '../crash/proxy-process.js';
import { childEnv } from '../fixtures/child-env.js';
import { freePort } from '../fixtures/ports.js';
import { seeded } from '../fixtures/seeded.js';
import { postgresDatabase, sqliteDatabase } from './databases.js';
import { createRelay, type Fault, faults, type Stage } from './faults.js';
import { follow, type Follower } from '../fixtures/follower.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    store: { type: 'string', default: 'sqlite' },
    write: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
assert.ok(minutes >= 2 && minutes <= 24 * 60, '--minutes: 2 to 1440');
assert.ok(values.store === 'sqlite' || values.store === 'postgres', '--store: sqlite or postgres');

/** Half of what the default 20 status requests a second can follow: a call of 24 s takes about seven. */
const callsPerSecond = 20 / 7 / 2;
const faultEveryMs = 60_000;
const sampleEveryMs = 10_000;
/** The least part of the requests that must be accepted: what is refused loads nothing. */
const leastAccepted = 0.7;
/** The window in which memory is measured begins after this part of the run; no process is replaced in it. */
const windowFrom = 0.5;
/** A minute. New addresses and compiled code are about 0.1 of what is kept, both bounded; a leak of 2 KB for each call would be 0.17 more. */
const mostGrowthMb = { kept: 0.2, resident: 1.5 };
const spareDescriptors = 16;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const descriptorsOf = (pid: number): number => {
  try {
    return readdirSync(`/proc/${String(pid)}/fd`).length;
  } catch {
    return Number.NaN;
  }
};

interface Sample {
  readonly atMs: number;
  /** JavaScript's objects and buffers after a garbage collection: what the program keeps. */
  readonly kept: number;
  /** What the kernel counts: the allocators' arenas and the page cache of SQLite too. */
  readonly resident: number;
}

/** The median slope of all pairs (Theil–Sen), per minute: a single garbage collection does not move it. */
function slopePerMinute(samples: readonly Sample[], of: 'kept' | 'resident'): number {
  const slopes: number[] = [];
  for (const [index, one] of samples.entries())
    for (const other of samples.slice(index + 1))
      slopes.push(((other[of] - one[of]) / (other.atMs - one.atMs)) * 60_000);
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}

const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-soak-'));
const memoryFile = join(folder, 'memory.json');
const database = values.store === 'postgres' ? await postgresDatabase() : sqliteDatabase(folder);
const account = { accountId: 'soak', projectId: 'soak', connectorId: 'connector-for-the-soak' } as const;
const fakePolyAi = await createFakePolyAi(account);
const relay = await createRelay(fakePolyAi.url);
const port = await freePort();
const env = {
  PORT: String(port),
  POLYAI_BASE_URL: relay.url,
  POLYAI_ACCOUNT_ID: account.accountId,
  POLYAI_PROJECT_ID: account.projectId,
  POLYAI_CONNECTOR_ID: account.connectorId,
  ...database.env,
  LIMIT_POLLS_PER_SECOND: '20',
  SOAK_MEMORY_FILE: memoryFile,
  NODE_OPTIONS:
    `${childEnv['NODE_OPTIONS'] ?? ''} --import ${new URL('collect-garbage.js', import.meta.url).href}`.trim(),
};

let proxy: ProxyProcess;
/** False while no process listens. */
let isUp = false;
const start = async (): Promise<void> => {
  proxy = startProcess(env);
  assert.ok(await proxy.listening, `the proxy did not start: ${proxy.complaints()}`);
  isUp = true;
};
let complaints = '';
await start();
await after(3_000);
const idleDescriptors = descriptorsOf(proxy!.pid ?? 0);

const broken: string[] = [];
const refusals: Record<string, number> = {};
const followers: Follower[] = [];
const accepted = new Map<string, string>();
const presses: { readonly key: string; readonly phone: string }[] = [];
let reconnects = 0;
let pending = 0;

/** Requests one call, and the same again until there is an answer; then follows it. */
async function visit(): Promise<void> {
  const phone = `+44203${String(1_000_000 + ((presses.length * 10_007) % 8_999_999)).padStart(7, '0')}`;
  const press = { key: randomBytes(16).toString('base64url'), phone };
  presses.push(press);
  pending += 1;
  try {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const answer = await proxy.requestCall(press.key, phone);
      const code = typeof answer?.body['code'] === 'string' ? answer.body['code'] : '';
      if (answer === undefined || code === 'request-in-progress' || code === 'shutting-down') {
        await after(1_000);
        continue;
      }
      if (answer.status !== 202) {
        refusals[code] = (refusals[code] ?? 0) + 1;
        return;
      }
      const id = String(answer.body['id']);
      accepted.set(id, phone);
      // From 256 addresses, again and again; each request comes from one of its own, of which the proxy remembers up to 50,000.
      const address = `101.64.0.${String(accepted.size % 256)}`;
      followers.push(
        follow(
          { port, id, token: String(answer.body['token']), headers: { 'X-Forwarded-For': address } },
          {
            onBroken: (what) => broken.push(what),
            onReconnect: () => (reconnects += 1),
          },
        ),
      );
      return;
    }
    broken.push('a request was not answered for a minute');
  } finally {
    pending -= 1;
  }
}

const stage: Stage = {
  port,
  relay,
  failNext: (request, fault) => fakePolyAi.failNext(request, fault),
  cutStreams: () => {
    for (const one of followers) if (one.ended() === undefined) one.cut();
  },
  restart: async (signal) => {
    const old = proxy;
    isUp = false;
    old.kill(signal);
    await old.gone;
    complaints += old.complaints();
    await start();
  },
};

const random = seeded(seed);
const all: readonly Fault[] = [...faults, ...database.faults];
let deck: Fault[] = [];

/** The next of all faults in an order that the seed decides; in the last half none that replaces the process, so that what it keeps can be seen. */
function nextFault(mayEnd: boolean): Fault | undefined {
  if (deck.length === 0)
    deck = [...all]
      .map((fault) => ({ fault, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ fault }) => fault);
  const index = deck.findIndex(({ ends }) => ends === undefined || mayEnd);
  if (index >= 0) return deck.splice(index, 1)[0];
  deck = [];
  return mayEnd ? undefined : nextFault(mayEnd);
}

/** Megabytes that the last garbage collection left; undefined if there was none since the last sample. */
function readKept(): number | undefined {
  if (!existsSync(memoryFile)) return undefined;
  const { heapUsed, external } = JSON.parse(readFileSync(memoryFile, 'utf8')) as NodeJS.MemoryUsage;
  rmSync(memoryFile);
  return (heapUsed + external) / 2 ** 20;
}

const startedAt = performance.now();
const lengthMs = minutes * 60_000;
const samples: Sample[] = [];
const done: string[] = [];
const passed = (): number => performance.now() - startedAt;
print(
  `seed ${String(seed)}, ${String(minutes)} minutes, ${callsPerSecond.toFixed(2)} calls a second, port ${String(port)}`,
);

const load = setInterval(() => void visit(), 1_000 / callsPerSecond);
const sampling = setInterval(() => {
  const { pid } = proxy;
  if (pid === undefined || !isUp) return;
  // What is measured is what is kept, not what waits to be collected.
  process.kill(pid, 'SIGUSR2');
  setTimeout(() => {
    const kept = readKept();
    if (kept !== undefined) samples.push({ atMs: passed(), kept, resident: memoryBytes([pid]) / 2 ** 20 });
  }, 1_000);
}, sampleEveryMs);

try {
  while (passed() + faultEveryMs < lengthMs) {
    await after(faultEveryMs);
    const fault = nextFault(passed() < lengthMs * windowFrom);
    if (fault === undefined) continue;
    done.push(fault.name);
    print(
      `${String(Math.round(passed() / 60_000))} min: ${fault.name} (${String(accepted.size)} calls, ${String(broken.length)} broken promises, ${(samples.at(-1)?.kept ?? 0).toFixed(2)} MB kept, ${(samples.at(-1)?.resident ?? 0).toFixed(1)} MB resident)`,
    );
    void fault.run(stage).catch((error: unknown) => broken.push(`a fault could not be set up: ${String(error)}`));
  }
  await after(Math.max(0, lengthMs - passed()));
  clearInterval(load);
  clearInterval(sampling);

  const endsBy = performance.now() + 180_000;
  const isOver = (): boolean => pending === 0 && followers.every((one) => one.ended() !== undefined);
  while (!isOver() && performance.now() < endsBy) await after(500);
  const withoutEnd = followers.filter((one) => one.ended() === undefined);
  for (const one of followers) one.stop();

  // Connections that are kept alive close by themselves.
  const pid = proxy!.pid ?? 0;
  const quietBy = performance.now() + 90_000;
  while (descriptorsOf(pid) > idleDescriptors + spareDescriptors && performance.now() < quietBy) await after(1_000);
  const descriptors = descriptorsOf(pid);
  proxy!.kill('SIGTERM');
  await proxy!.gone;
  complaints += proxy!.complaints();

  const numbers = fakePolyAi.triggers().map(({ number }) => number);
  const duplicates = numbers.length - new Set(numbers).size;
  const journal = await checkJournal();
  const inWindow = samples.filter(({ atMs }) => atMs > lengthMs * windowFrom + 60_000 && atMs < lengthMs);
  const slopes = { kept: slopePerMinute(inWindow, 'kept'), resident: slopePerMinute(inWindow, 'resident') };
  const windowMinutes = ((inWindow.at(-1)?.atMs ?? 0) - (inWindow[0]?.atMs ?? 0)) / 60_000;
  const median = (of: 'kept' | 'resident'): string => {
    const sorted = inWindow.map((one) => one[of]).sort((a, b) => a - b);
    return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1);
  };

  const failures = [
    ...(accepted.size < presses.length * leastAccepted ? ['too few requests were accepted'] : []),
    ...(duplicates > 0 ? ['a number was triggered twice'] : []),
    ...(journal.incomplete > 0 ? ['a call has no end in the journal, or a gap'] : []),
    ...(withoutEnd.length > 0 ? ['a page was not shown the end of its call'] : []),
    ...(broken.length > 0 ? ['a promise was broken'] : []),
    ...(complaints === '' ? [] : ['the proxy wrote to its standard error']),
    ...(inWindow.length < 3 ? ['memory was not measured'] : []),
    ...(slopes.kept > mostGrowthMb.kept
      ? [`what is kept in memory grew by more than ${String(mostGrowthMb.kept)} MB a minute`]
      : []),
    ...(slopes.resident > mostGrowthMb.resident
      ? [`resident memory grew by more than ${String(mostGrowthMb.resident)} MB a minute`]
      : []),
    ...(descriptors > idleDescriptors + spareDescriptors ? ['file descriptors are still open'] : []),
  ];
  const rows: readonly (readonly [string, string])[] = [
    ['length', `${String(minutes)} minutes, ${callsPerSecond.toFixed(2)} calls requested a second`],
    ['seed', String(seed)],
    ['result', failures.length === 0 ? 'passed' : `failed: ${failures.join('; ')}`],
    [
      'requests, accepted calls, triggers',
      `${String(presses.length)}, ${String(accepted.size)}, ${String(numbers.length)}`,
    ],
    ['numbers that were triggered twice', String(duplicates)],
    [
      'refused',
      Object.entries(refusals)
        .map(([code, n]) => `${code} ${String(n)}`)
        .join(', ') || 'none',
    ],
    ['calls in the journal without an end, or with a gap', String(journal.incomplete)],
    [
      'ends',
      Object.entries(journal.ends)
        .map(([status, n]) => `${status} ${String(n)}`)
        .join(', '),
    ],
    ['pages that were not shown the end', String(withoutEnd.length)],
    [
      'reconnections of pages; gaps, repeats and other broken promises',
      `${String(reconnects)}; ${String(broken.length)}`,
    ],
    [
      `kept in memory after garbage collections, in the last ${windowMinutes.toFixed(1)} minutes (one process)`,
      `median ${median('kept')} MB, slope ${slopes.kept.toFixed(3)} MB a minute`,
    ],
    [
      'resident memory in the same time',
      `median ${median('resident')} MB, slope ${slopes.resident.toFixed(3)} MB a minute`,
    ],
    ['file descriptors, idle at the start and at the end', `${String(idleDescriptors)}, ${String(descriptors)}`],
    ['faults', done.map((name, index) => `${String(index + 1)}. ${name}`).join('; ')],
  ];
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? ''} at the end`;
  const section = `## ${database.title}

Written by \`npm run soak -- --store ${values.store} --minutes ${String(minutes)} --write\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC. Machine: ${machine}.

| | |
| --- | --- |
${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}
`;
  print(section);
  for (const what of broken.slice(0, 20)) print(`broken: ${what}`);
  if (values.write) writeResult(section);

  assert.deepEqual(failures, [], 'the soak failed');
  print('The soak passed.');
} finally {
  clearInterval(load);
  clearInterval(sampling);
  for (const one of followers) one.stop();
  killLeftovers();
  await relay.close();
  await fakePolyAi.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Every accepted call is in the journal, complete and with an end; nothing else is left open. */
async function checkJournal(): Promise<{
  readonly incomplete: number;
  readonly ends: Readonly<Record<string, number>>;
}> {
  const ends: Record<string, number> = {};
  let incomplete = 0;
  const calls = await database.calls();
  const known = new Set(calls.map(({ id }) => id));
  for (const id of accepted.keys()) if (!known.has(id)) incomplete += 1;
  for (const { stage, status, history } of calls) {
    const items = JSON.parse(history) as readonly JournalItem[];
    const isWhole = items.every(({ seq }, index) => seq === index + 1) && items.at(-1)?.status === status;
    if (stage !== 'ended' || !isTerminal(status as CallStatus) || !isWhole || items[0]?.status !== 'requested')
      incomplete += 1;
    ends[status] = (ends[status] ?? 0) + 1;
  }
  return { incomplete, ends };
}

/** Replaces the section of this database in results.md. */
function writeResult(section: string): void {
  const path = new URL('results.md', import.meta.url);
  const others = readFileSync(path, 'utf8')
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith('## ') && !part.startsWith(`## ${database.title}\n`));
  const sections = [section, ...others.map((part) => `${part.trimEnd()}\n`)].sort().reverse();
  writeFileSync(path, `# The last soaks\n\n${sections.join('\n')}`);
}
