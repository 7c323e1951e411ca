// Four processes of the built proxy on one database file, many requests at one moment, one cap: exactly the cap is accepted.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { type ProxyProcess, startProcess } from './proxy-process.js';

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

interface FourProcesses {
  readonly standIn: FakePolyAi;
  readonly processes: readonly ProxyProcess[];
  end(): Promise<void>;
}

/** Four processes on one file, all listening. */
async function fourProcesses(env: Readonly<Record<string, string>> = {}): Promise<FourProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-cap-'));
  const standIn = await createFakePolyAi({ ...account, timeScale: 100 });
  const processes = Array.from({ length: 4 }, () =>
    startProcess({
      POLYAI_BASE_URL: standIn.url,
      POLYAI_ACCOUNT_ID: account.accountId,
      POLYAI_PROJECT_ID: account.projectId,
      POLYAI_CONNECTOR_ID: account.connectorId,
      DATABASE_URL: `file:${folder}/cap.db`,
      ...env,
    }),
  );
  for (const proxy of processes) assert.ok(await proxy.listening, proxy.complaints());
  return {
    standIn,
    processes,
    end: async () => {
      for (const proxy of processes) proxy.kill('SIGKILL');
      await Promise.all(processes.map(({ gone }) => gone));
      await standIn.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const phoneOf = (index: number): string =>
  `+44203${String(1_000_000 + ((index * 10_007) % 8_999_999)).padStart(7, '0')}`;
const newKey = (): string => randomBytes(16).toString('base64url');

/** Sends each key to all four processes at one moment, twice. Rejects when a number is told more or less than once. Gives the number of triggers. */
export async function runSameKeyTrial({ keys }: { readonly keys: number }): Promise<number> {
  const { standIn, processes, end } = await fourProcesses();
  try {
    const presses = Array.from({ length: keys }, (_, index) => ({ key: newKey(), phone: phoneOf(index) }));
    const answers = await Promise.all(
      presses.map(({ key, phone }) => Promise.all([...processes, ...processes].map((proxy) => proxy.ask(key, phone)))),
    );
    for (const ofOne of answers) {
      const ids = new Set(ofOne.flatMap((answer) => (answer?.status === 202 ? [String(answer.body['id'])] : [])));
      assert.equal(ids.size, 1, 'one key, one call, whichever process is asked');
      for (const answer of ofOne) assert.ok(answer?.status === 202 || answer?.status === 409, JSON.stringify(answer));
    }
    const numbers = standIn.triggers().map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, 'a phone would have rung twice');
    assert.equal(numbers.length, keys);
    return numbers.length;
  } finally {
    await end();
  }
}

/** Sends everything at once. Rejects when more or fewer than the cap are accepted, or PolyAI hears of another. */
export async function runCapTrial({ requests, cap = 100 }: { requests: number; cap?: number }): Promise<CapReport> {
  const started = performance.now();
  const { standIn, processes, end } = await fourProcesses({ LIMIT_ALL_PER_DAY: String(cap) });
  try {
    const asked = Array.from({ length: requests }, async (_, index) => {
      const phone = phoneOf(index);
      const key = newKey();
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
    await end();
  }
}
