// Where the time of an accepted call goes, stage by stage, inside the built proxy: one call at a time, on a warm process. Beside the times
// of `--only proxy`, it says why a call is not faster.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../fixtures/child-env.js';
import { startProcess } from '../crash/proxy-process.js';
import { startChild } from './child.js';
import { stages } from './children/stage-names.js';
import { median, quantile, table } from './report.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'bench-connector' } as const;
const calls = 300;
const warmUpCalls = 1_000;

/** Measures, and prints one line for each stage. */
export async function benchStages(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const file = join(folder, 'stages.json');
  const fakePolyAi = startChild('fake-polyai', Object.values(account));
  const { url } = await fakePolyAi.request<{ url: string }>();
  const marks = fileURLToPath(new URL('children/stage-marks.ts', import.meta.url));
  const proxy = startProcess({
    POLYAI_BASE_URL: url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: `file:${folder}/bench.db`,
    NODE_OPTIONS: `${childEnv['NODE_OPTIONS'] ?? ''} --import=tsx --import=${marks}`,
    BENCH_STAGES: file,
  });
  try {
    await proxy.listening;
    for (let index = 0; index < warmUpCalls + calls; index += 1) {
      const phone = `+44203${String(1_000_000 + ((index * 10_007) % 8_900_000))}`;
      const answer = await proxy.requestCall(randomBytes(16).toString('base64url'), phone);
      if (answer?.status !== 202) throw new Error(`the proxy answered ${JSON.stringify(answer)}`);
    }
    proxy.kill('SIGTERM');
    await proxy.gone;
    const measured = (JSON.parse(readFileSync(file, 'utf8')) as number[][]).slice(-calls);
    const microseconds = (values: readonly number[], part: number): string =>
      (quantile(values, part) * 1_000).toFixed(0);
    const rows = stages.map((name, index) => [name, measured.map((durations) => durations[index] ?? 0)] as const);
    const whole = measured.map((durations) => durations.reduce((sum, one) => sum + one, 0));
    table(
      ['stage', 'p20, µs', 'p50, µs', 'part'],
      [...rows, ['the whole call inside the proxy', whole] as const].map(([name, values]) => [
        name,
        microseconds(values, 0.2),
        microseconds(values, 0.5),
        `${((100 * median(values)) / median(whole)).toFixed(0)} %`,
      ]),
    );
  } finally {
    proxy.kill('SIGKILL');
    await fakePolyAi.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
