// The search of the proof of work: tries counters until the derived key starts with the required prefix. It owns only the
// arithmetic, not where it runs (solve-in-worker.ts) nor what is sent (chunks/challenge.ts).

import type { Challenge } from '../../contract.js';

/** The counter that solves a challenge, and the key derived with it as lower-case hex. */
export interface Solution {
  readonly counter: number;
  readonly derivedKey: string;
}

/** Tries counters from 0. Undefined when `isStopped` returns true. Rejects after `mostCounters`: none of our challenges needs more. */
export type FindKey = (parameters: Challenge['parameters'], isStopped: () => boolean) => Promise<Solution | undefined>;

/**
 * Creates the search. With `subtle`, derivations run off the calling thread; without it (outside a secure context), they are
 * computed here, in slices of at most 12 ms or one counter, so that no task blocks the page.
 *
 * A worker runs the text of this function, so it must not refer to anything outside itself.
 */
export function keyFinder(subtle: SubtleCrypto | undefined): FindKey {
  // The proxy's most expensive challenge has its solution within 6,400.
  const mostCounters = 16_384;
  const sliceMs = 12;

  const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

  // Not `Array.from(bytes, …)`: on the main thread it may be Prototype's or MooTools', which ignore the function.
  const hexOf = (bytes: Uint8Array): string => {
    let hex = '';
    for (const byte of bytes) hex += (byte + 256).toString(16).slice(1);
    return hex;
  };

  // FIPS 180-4, 4.2.2 and 5.3.3: the first 32 bits of the fractional parts of the cube and square roots of the first primes.
  const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0;
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
  const start = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const schedule = new Int32Array(64);

  // FIPS 180-4, 6.2.2: one block of sixteen words into `state`, in place. Nothing is allocated: it runs millions of times.
  function compress(state: Int32Array, block: Int32Array): void {
    const at = (from: Int32Array, index: number): number => from[index] as number;
    const w = schedule;
    for (let i = 0; i < 16; i++) w[i] = at(block, i);
    for (let i = 16; i < 64; i++) {
      const x = at(w, i - 15);
      const y = at(w, i - 2);
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0;
    }
    let a = at(state, 0);
    let b = at(state, 1);
    let c = at(state, 2);
    let d = at(state, 3);
    let e = at(state, 4);
    let f = at(state, 5);
    let g = at(state, 6);
    let h = at(state, 7);
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, i) + at(w, i)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = at(state, 0) + a;
    state[1] = at(state, 1) + b;
    state[2] = at(state, 2) + c;
    state[3] = at(state, 3) + d;
    state[4] = at(state, 4) + e;
    state[5] = at(state, 5) + f;
    state[6] = at(state, 6) + g;
    state[7] = at(state, 7) + h;
  }

  // A message of whole bytes as one padded block; `before` bytes were hashed ahead of it. At most 55 bytes.
  function blockOf(message: Uint8Array, before: number): Int32Array {
    const view = new DataView(new ArrayBuffer(64));
    message.forEach((byte, i) => view.setUint8(i, byte));
    view.setUint8(message.length, 0x80);
    view.setUint32(60, (before + message.length) * 8);
    return Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4));
  }

  // RFC 2104: the state after the key's block, with which every HMAC of that key begins.
  function keyed(password: Uint8Array, pad: number): Int32Array {
    const view = new DataView(new ArrayBuffer(64));
    for (let i = 0; i < 64; i++) view.setUint8(i, (password[i] ?? 0) ^ pad);
    const state = start.slice();
    compress(
      state,
      Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4)),
    );
    return state;
  }

  // RFC 8018, 5.2, for a key of exactly one block of output and passwords and salts that fit one block of input.
  function pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
    const inner = keyed(password, 0x36);
    const outer = keyed(password, 0x5c);
    const block = blockOf(new Uint8Array(32), 64);
    const state = new Int32Array(8);
    const result = new Int32Array(8);
    let message = blockOf(Uint8Array.of(...salt, 0, 0, 0, 1), 64);
    for (let i = 0; i < iterations; i++) {
      state.set(inner);
      compress(state, message);
      message = block;
      block.set(state);
      state.set(outer);
      compress(state, block);
      block.set(state);
      for (let j = 0; j < 8; j++) result[j] = (result[j] as number) ^ (state[j] as number);
    }
    const view = new DataView(new ArrayBuffer(32));
    result.forEach((word, i) => view.setInt32(i * 4, word));
    return new Uint8Array(view.buffer);
  }

  async function derive(
    password: Uint8Array<ArrayBuffer>,
    salt: Uint8Array<ArrayBuffer>,
    iterations: number,
  ): Promise<Uint8Array> {
    if (subtle === undefined) return pbkdf2(password, salt, iterations);
    const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    return new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', salt, iterations, hash: 'SHA-256' }, key, 256));
  }

  // A message to itself runs as a separate task and, unlike a timer, is not throttled in a background tab.
  const nextTask = (): Promise<void> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });

  return async function findKey({ nonce, salt, cost, keyPrefix }, isStopped) {
    const saltBytes = bytesOf(salt);
    const password = Uint8Array.of(...bytesOf(nonce), 0, 0, 0, 0);
    const counterAt = new DataView(password.buffer, password.length - 4);
    let sliceEnd = performance.now() + sliceMs;
    for (let counter = 0; counter < mostCounters; counter++) {
      if (subtle === undefined && performance.now() > sliceEnd) {
        await nextTask();
        sliceEnd = performance.now() + sliceMs;
      }
      if (isStopped()) return undefined;
      counterAt.setUint32(0, counter);
      const derivedKey = hexOf(await derive(password, saltBytes, cost));
      // Something on the page has replaced the functions used here: no counter would ever match.
      if (!/^[0-9a-f]{64}$/.test(derivedKey)) throw new Error('derived keys are malformed');
      if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
    }
    throw new Error('no counter solves this challenge');
  };
}
