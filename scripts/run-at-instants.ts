// `npm run test:clocks`: the Node tests and the end-to-end tests with the clock set to each of six instants, each in its own time zone.
// `-- --other-hour` runs only the one whose hour of the day is farthest from now, `-- --instant=3` only the third; `-- node` or `-- e2e`
// runs one suite, and files named after it run instead of the whole suite. Requires `npm run build`.

import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { farthestHour, type Instant, instants } from './clock/instants.js';
import { root } from './paths.js';

const words = process.argv.slice(2);
const [suite, ...files] = words.filter((word) => !word.startsWith('--'));
const number = words.find((word) => word.startsWith('--instant='))?.slice('--instant='.length);
const chosen = words.includes('--other-hour')
  ? [farthestHour(Date.now())]
  : number === undefined
    ? instants
    : [nth(number)];

const failed: string[] = [];
for (const instant of chosen)
  for (const name of suite === undefined ? ['node', 'e2e'] : [suite]) {
    console.log(`\n${name} tests at ${instant.name}: ${instant.at}, ${instant.zone}`);
    if ((await runAt(instant, name)) !== 0) failed.push(`${name} at ${instant.name}`);
  }
if (failed.length > 0) {
  console.error(`failed: ${failed.join('; ')}`);
  process.exitCode = 1;
}

/** The instant with this number, counted from 1. */
function nth(text: string): Instant {
  const instant = instants[Number(text) - 1];
  if (instant === undefined) throw new Error(`--instant: 1 to ${String(instants.length)}, not ${text}`);
  return instant;
}

/** Runs one suite with the wall clock of all its processes shifted; returns the exit code. */
async function runAt({ at, zone }: Instant, name: string): Promise<number> {
  const env = {
    ...process.env,
    TZ: zone,
    TEST_CLOCK_SHIFT_MS: String(Date.parse(at) - Date.now()),
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${pathToFileURL(`${root}scripts/clock/shift.js`).href}`,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', `${root}scripts/run-tests.ts`, name, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
}
