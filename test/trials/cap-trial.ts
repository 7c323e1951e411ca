// Four processes of the built proxy on one database file, many requests at one moment, one cap: exactly the cap is accepted.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakePolyAi } from '../../demo/fake-polyai.js';
import { startProcess } from './proxy-process.js';

/** What a run found. */
export interface CapReport {
  readonly requests: number;
  readonly processes: number;
  readonly cap: number;
  readonly accepted: number;
  readonly triggers: number;
  readonly seconds: number;
}

const account = { accountId: 'trials', projectId: 'trials', connectorId: 'connector-for-trials' } as const;

/** Sends everything at once. Rejects when more or fewer than the cap are accepted, or PolyAI hears of another. */
export async function runCapTrial({ requests, cap = 100 }: { requests: number; cap?: number }): Promise<CapReport> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-cap-'));
  const standIn = await createFakePolyAi({ ...account, timeScale: 100 });
  const processes = Array.from({ length: 4 }, () =>
    startProcess({
      POLYAI_BASE_URL: standIn.url,
      POLYAI_ACCOUNT_ID: account.accountId,
      POLYAI_PROJECT_ID: account.projectId,
      POLYAI_CONNECTOR_ID: account.connectorId,
      DATABASE_URL: `file:${folder}/cap.db`,
      LIMIT_ALL_PER_DAY: String(cap),
    }),
  );
  try {
    for (const proxy of processes) assert.ok(await proxy.listening, proxy.complaints());
    const asked = Array.from({ length: requests }, async (_, index) => {
      const phone = `+44203${String(1_000_000 + ((index * 10_007) % 8_999_999)).padStart(7, '0')}`;
      const key = randomBytes(16).toString('base64url');
      const proxy = processes[index % processes.length] ?? processes[0];
      for (;;) {
        const answer = await proxy?.ask(key, phone);
        // A store that is busy for too long refuses for the moment; the visitor presses again.
        if (answer?.status !== 503 || answer.body['code'] !== 'store-unavailable') return answer;
      }
    });
    const answers = await Promise.all(asked);
    const kinds: Record<string, number> = {};
    for (const answer of answers) {
      const kind = `${String(answer?.status)} ${String(answer?.body['code'] ?? answer?.body['status'])}`;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    // A machine with too much to do may leave an answer of PolyAI unread for ten seconds: `unknown`, and spent all the same.
    const { '202 requested': placed = 0, '202 unknown': unknown = 0, '429 busy': refused = 0, ...others } = kinds;
    const accepted = placed + unknown;
    assert.deepEqual(others, {}, 'answers that nobody expected');
    assert.deepEqual({ accepted, refused }, { accepted: cap, refused: requests - cap });
    const numbers = standIn.triggers().map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, 'a phone would have rung twice');
    assert.ok(numbers.length >= placed && numbers.length <= cap, `${String(numbers.length)} triggers`);
    return {
      requests,
      processes: processes.length,
      cap,
      accepted,
      triggers: standIn.triggers().length,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    for (const proxy of processes) proxy.kill('SIGKILL');
    await Promise.all(processes.map(({ gone }) => gone));
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
