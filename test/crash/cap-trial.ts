// Four processes of the built proxy share a database and one cap; many requests arrive at once, and exactly the cap is accepted.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';
import { type ProxyProcess, startProcess } from './proxy-process.js';
import type { TrialStore } from './trial-stores.js';

/** The result of a run. */
export interface CapReport {
  readonly requests: number;
  readonly processes: number;
  readonly cap: number;
  readonly accepted: number;
  readonly triggers: number;
  readonly seconds: number;
}

interface FourProcesses {
  readonly fakePolyAi: FakePolyAi;
  readonly processes: readonly ProxyProcess[];
  end(): Promise<void>;
}

/** Starts four processes on one database and waits until all listen. */
async function fourProcesses(store: TrialStore, env: Readonly<Record<string, string>> = {}): Promise<FourProcesses> {
  const fakePolyAi = await createFakePolyAi({ ...credential, timeScale: 100 });
  const processes = Array.from({ length: 4 }, () =>
    startProcess({
      ...settingsFor(fakePolyAi),
      ...store.settings,
      ...env,
    }),
  );
  for (const proxy of processes) assert.ok(await proxy.listening, proxy.complaints());
  return {
    fakePolyAi,
    processes,
    end: async () => {
      for (const proxy of processes) proxy.kill('SIGKILL');
      await Promise.all(processes.map(({ gone }) => gone));
      await fakePolyAi.close();
    },
  };
}

const phoneOf = (index: number): string =>
  `+44203${String(1_000_000 + ((index * 10_007) % 8_999_999)).padStart(7, '0')}`;
const newKey = (): string => randomBytes(16).toString('base64url');

/** Sends each key to all four processes at once, twice. Rejects unless each number is triggered exactly once. Returns the number of triggers. */
export async function runSameKeyTrial(store: TrialStore, { keys }: { readonly keys: number }): Promise<number> {
  const { fakePolyAi, processes, end } = await fourProcesses(store);
  try {
    const presses = Array.from({ length: keys }, (_, index) => ({ key: newKey(), phone: phoneOf(index) }));
    const answers = await Promise.all(
      presses.map(({ key, phone }) =>
        Promise.all([...processes, ...processes].map((proxy) => proxy.requestCall(key, phone))),
      ),
    );
    for (const ofOne of answers) {
      const ids = new Set(ofOne.flatMap((answer) => (answer?.status === 202 ? [String(answer.body['id'])] : [])));
      assert.equal(ids.size, 1, 'one key must be one call in every process');
      for (const answer of ofOne) assert.ok(answer?.status === 202 || answer?.status === 409, JSON.stringify(answer));
    }
    const numbers = fakePolyAi.triggers().map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, 'a phone would have rung twice');
    assert.equal(numbers.length, keys);
    return numbers.length;
  } finally {
    await end();
  }
}

/** Sends every request at once. Rejects unless exactly the cap is accepted and PolyAI gets no further trigger. */
export async function runCapTrial(
  store: TrialStore,
  { requests, cap = 100 }: { requests: number; cap?: number },
): Promise<CapReport> {
  const started = performance.now();
  const { fakePolyAi, processes, end } = await fourProcesses(store, { LIMIT_ALL_PER_DAY: String(cap) });
  try {
    const sent = Array.from({ length: requests }, async (_, index) => {
      const phone = phoneOf(index);
      let key = newKey();
      const proxy = processes[index % processes.length] ?? processes[0];
      for (let tries = 0; ; tries += 1) {
        const answer = await proxy?.requestCall(key, phone);
        const code = answer?.status === 503 ? answer.body['code'] : undefined;
        // On an overloaded machine, a connection breaks, the store stays locked, or PolyAI is not reached in time, which refunds
        // everything: the visitor presses again.
        if (code === 'upstream-unavailable') key = newKey();
        if (tries >= 20 || (answer !== undefined && code !== 'upstream-unavailable' && code !== 'store-unavailable'))
          return answer;
      }
    });
    const answers = await Promise.all(sent);
    const kinds: Record<string, number> = {};
    for (const answer of answers) {
      const kind = `${String(answer?.status)} ${String(answer?.body['code'] ?? answer?.body['status'])}`;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    // An overloaded machine may leave PolyAI's response unread for ten seconds: the call is `unknown` and still counts.
    const { '202 requested': placed = 0, '202 unknown': unknown = 0, '429 busy': refused = 0, ...others } = kinds;
    const accepted = placed + unknown;
    assert.deepEqual(others, {}, 'unexpected answers');
    assert.deepEqual({ accepted, refused }, { accepted: cap, refused: requests - cap });
    const numbers = fakePolyAi.triggers().map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, 'a phone would have rung twice');
    assert.ok(numbers.length >= placed && numbers.length <= cap, `${String(numbers.length)} triggers`);
    return {
      requests,
      processes: processes.length,
      cap,
      accepted,
      triggers: fakePolyAi.triggers().length,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    await end();
  }
}
