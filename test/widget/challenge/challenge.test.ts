// The widget's part of the challenge, in a real browser, against the library the proxy verifies with. Mutations that turn these red:
//   solve-in-worker.ts: `worker.terminate()` dropped; the abort listener dropped; the timer dropped; `onerror` dropped;
//     the loop over `ways` left before the page's own thread; `catch {` rethrows
//   pbkdf2-search.ts: `await nextTask()` dropped; `isStopped()` not checked; `>>> 3` → `>> 3`; `start.slice()` → `start`
//   challenge.ts: `isChallenge` not checked

import { expect } from '@open-wc/testing';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { Challenge } from '../../../src/contract.js';
import { solveChallenge } from '../../../src/widget/chunks/challenge.js';
import { type SolverOptions, solve, workerWays } from '../../../src/widget/challenge/solve-in-worker.js';

const secrets = { hmacSignatureSecret: 'signature', hmacKeySignatureSecret: 'key' };
const never = new AbortController().signal;

async function issue(counter = 40, cost = 20): Promise<Challenge> {
  const made = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost,
    counter,
    deriveKey,
    data: { binding: 'ab'.repeat(32), issuedAt: 1 },
    ...secrets,
  });
  return made as Challenge;
}

/** A challenge that cannot be solved before the test is over. */
async function endless(): Promise<Challenge> {
  const { parameters, signature } = await issue();
  return { parameters: { ...parameters, keyPrefix: '00'.repeat(16) }, signature };
}

async function isRight(payload: string): Promise<boolean> {
  const { challenge, solution } = JSON.parse(atob(payload));
  return (await verifySolution({ challenge, solution, deriveKey, ...secrets })).verified;
}

/** The workers that the solver starts, recorded. */
function watched() {
  const started: Worker[] = [];
  let ended = 0;
  const ways = workerWays.map((way) => () => {
    const worker = way();
    started.push(worker);
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      ended++;
      terminate();
    };
    return worker;
  });
  return { ways, started, ended: () => ended };
}

/** Cryptography that fails on the page, so that only a worker can have solved the challenge. */
const notThePage = { importKey: () => Promise.reject(new Error('solved by the page')) } as unknown as SubtleCrypto;

const workerOf = (text: string) => () => new Worker(URL.createObjectURL(new Blob([text])));

/** The reason a promise was rejected with. */
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not rejected',
    (reason: unknown) => reason,
  );

describe('a challenge', () => {
  it('gets a solution that the proxy can verify', async () => {
    const answer = await solveChallenge({ kind: 'altcha', puzzle: await issue() }, never);
    expect(answer.kind).to.equal('altcha');
    expect(await isRight(answer.payload)).to.equal(true);
    expect(answer.payload.length).to.be.below(2_048);
  });

  it('is solved in a worker, which is terminated afterward', async () => {
    const { ways, started, ended } = watched();
    expect((await solve(await issue(), never, { ways, subtle: notThePage })).counter).to.equal(40);
    expect(started).to.have.length(1);
    expect(ended()).to.equal(1);
  });

  it('starts no worker from a blob where the page has Web Crypto: a strict policy would report it', async () => {
    const made = URL.createObjectURL;
    let blobs = 0;
    URL.createObjectURL = (object) => {
      blobs++;
      return made.call(URL, object);
    };
    try {
      expect((await solve(await issue(), never)).counter).to.equal(40);
    } finally {
      URL.createObjectURL = made;
    }
    expect(blobs).to.equal(0);
  });

  const obstacles: [string, SolverOptions][] = [
    [
      'no worker can be made',
      {
        ways: [
          () => {
            throw new Error('SecurityError');
          },
        ],
      },
    ],
    ['a worker from another origin is refused', { ways: [() => new Worker('https://elsewhere.invalid/worker.js')] }],
    ['the worker breaks at its start', { ways: [workerOf('throw new Error("broken")')], silentMs: 60_000 }],
    ['the worker breaks at its work', { ways: [workerOf('onmessage=()=>{postMessage("started");postMessage(null)}')] }],
    ['the worker is silent', { ways: [workerOf('')], silentMs: 1 }],
  ];
  for (const [what, options] of obstacles)
    it(`is solved on the page where ${what}`, async () => {
      expect((await solve(await issue(), never, options)).counter).to.equal(40);
    });

  it('is solved the second way where the first is blocked', async () => {
    const { ways, started } = watched();
    await solve(await issue(), never, {
      ways: [
        () => {
          throw new Error('closed');
        },
        ...ways,
      ],
      subtle: notThePage,
    });
    expect(started).to.have.length(1);
  });

  it('is solved without the browser’s cryptography, while the page stays responsive', async () => {
    let tasks = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      tasks++;
      port2.postMessage(0);
    };
    port2.postMessage(0);
    const challenge = await issue(60, 500);
    const solution = await solve(challenge, never, { ways: [], subtle: undefined });
    port1.close();
    expect((await verifySolution({ challenge, solution, deriveKey, ...secrets })).verified).to.equal(true);
    expect(tasks).to.be.above(0);
  });

  it('is abandoned at once when the visitor cancels, and its worker is terminated', async () => {
    const { ways, started, ended } = watched();
    const cancel = new AbortController();
    const solved = solve(await endless(), cancel.signal, { ways });
    while (started.length === 0) await new Promise((resolve) => setTimeout(resolve));
    cancel.abort(new Error('cancelled'));
    expect(await reasonOf(solved)).to.have.property('message', 'cancelled');
    expect(ended()).to.equal(1);
  });

  for (const subtle of [crypto.subtle, undefined])
    it(`is abandoned on the page ${subtle === undefined ? 'without' : 'with'} the browser’s cryptography`, async () => {
      const cancel = new AbortController();
      const solved = solve(await endless(), cancel.signal, { ways: [], subtle });
      await new Promise((resolve) => setTimeout(resolve));
      cancel.abort(new Error('cancelled'));
      expect(await reasonOf(solved)).to.have.property('message', 'cancelled');
    });

  it('is not started when the visitor has already canceled', async () => {
    const { ways, started } = watched();
    const solved = solve(await endless(), AbortSignal.abort(new Error('cancelled')), { ways });
    expect(await reasonOf(solved)).to.have.property('message', 'cancelled');
    expect(started).to.have.length(0);
  });

  it('that is malformed is rejected before any work', async () => {
    const { parameters, signature } = await issue();
    const puzzles = [
      undefined,
      null,
      {},
      { parameters },
      { parameters: { ...parameters, algorithm: 'ARGON2ID' }, signature },
      { parameters: { ...parameters, cost: '5' }, signature },
      { parameters: { ...parameters, keyPrefix: '' }, signature },
      { parameters: { ...parameters, salt: 'zz' }, signature },
      { parameters: { ...parameters, keyLength: 64 }, signature },
    ];
    for (const puzzle of puzzles)
      expect(await reasonOf(solveChallenge({ kind: 'altcha', puzzle }, never))).to.have.property(
        'message',
        'not a challenge',
      );
  });

  it('of the kind "none" needs no solution', async () => {
    expect(await solveChallenge({ kind: 'none' }, never)).to.deep.equal({ kind: 'none', payload: '' });
  });
});
