// Proof of work: makes challenges and judges their solutions. Single use is the store's (the reservation marks the id), and how many
// challenges may be asked for is the route's.
//
// PBKDF2 with SHA-256, because a browser computes it natively and off the page's thread, so that a script gains little over a
// visitor, and because every browser has it without WebAssembly, which strict content security policies forbid (so no Argon2).

import { createHmac, hkdfSync } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Challenge } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import { readAltchaPayload } from './altcha-payload.js';
import { createRecentChallenges } from './recent-challenges.js';
import {
  type ChallengeBinding,
  challengeLifeMs,
  failed,
  isAlive,
  keepMarkMs,
  type Verification,
} from './verification.js';

/** What proof of work needs. */
export interface AltchaOptions {
  /** At least 32 bytes, the same in every instance, used for nothing else. */
  readonly secret: Uint8Array;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: (size: number) => Uint8Array;
  /** Iterations of one derivation: what making a challenge costs us. */
  readonly iterations?: number;
  /** Derivations the first challenge of an address takes at most; half of it on average. */
  readonly derivations?: number;
  /** Challenges made at one time; beyond it `issue` gives none. Derivations share Node's four threads with DNS and files. */
  readonly mostAtOnce?: number;
}

/** Whom a challenge is for. `recentAttempts`: what else is known of the address, beside the challenges it had of this process. */
export interface ChallengeAsked extends ChallengeBinding {
  readonly recentAttempts?: number;
}

/** Proof of work. */
export interface Altcha {
  /** Makes a challenge; undefined while too many are being made. */
  issue(asked: ChallengeAsked): Promise<Challenge | undefined>;
  /** Judges a solution. */
  verify(payload: string, binding: ChallengeBinding): Promise<Verification>;
}

/**
 * 2,000 iterations take 0.3 ms in Chromium and 0.4 ms in Node (measured on 2 cores, November 2026); with 800 derivations on average
 * a visitor waits 0.25 s there, and about a second on a phone that is 3–4 times slower.
 */
const defaults = { iterations: 2_000, derivations: 1_600, mostAtOnce: 64 };

/** Challenges an address may have before the price doubles with each. */
const cheapChallenges = 2;
/** The price never rises beyond so many times the first: an office behind one address must still get through. */
const highestPrice = 8;

/** Makes it. Throws when the secret is too short. */
export function createAltcha(options: AltchaOptions): Altcha {
  const { secret, clock, random } = options;
  const { iterations, derivations, mostAtOnce } = { ...defaults, ...options };
  if (secret.byteLength < 32) throw new Error('the challenge secret must have at least 32 bytes');
  const derived = (use: string): string =>
    Buffer.from(hkdfSync('sha256', secret, '', `polyai-callback ${use}`, 32)).toString('hex');
  const hmacSignatureSecret = derived('altcha signature');
  const hmacKeySignatureSecret = derived('altcha key signature');
  const bindingSecret = derived('altcha binding');
  const recent = createRecentChallenges({ clock });
  let beingMade = 0;

  // Keyed, because it travels through the visitor's page: an address must not be readable from it.
  const bindingOf = ({ site, action, addressBucket }: ChallengeBinding): string =>
    createHmac('sha256', bindingSecret)
      .update(JSON.stringify([site, action, addressBucket]))
      .digest('hex');

  return {
    async issue(asked) {
      if (beingMade >= mostAtOnce) return undefined;
      beingMade++;
      try {
        const known = Math.max(recent.count(asked.addressBucket), asked.recentAttempts ?? 0);
        const price = Math.min(highestPrice, 2 ** Math.max(0, known - cheapChallenges + 1));
        const made = await createChallenge({
          algorithm: 'PBKDF2/SHA-256',
          cost: iterations,
          // From 1, not from half: whoever knows where the range begins would begin there too.
          counter: 1 + below(derivations * price, random),
          data: { binding: bindingOf(asked), issuedAt: clock.now() },
          deriveKey,
          hmacSignatureSecret,
          hmacKeySignatureSecret,
        });
        return made as Challenge;
      } finally {
        beingMade--;
      }
    },

    async verify(payload, binding) {
      const read = readAltchaPayload(payload);
      if (read === undefined) return failed('malformed');
      const { challenge, solution } = read;
      const { nonce, data } = challenge.parameters;
      // The library's own check of time asks the machine's clock; ours is asked below.
      const result = await verifySolution({
        challenge,
        solution,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      });
      if (!result.verified) return failed(result.invalidSignature === true ? 'tampered' : 'not solved');
      if (data.binding !== bindingOf(binding)) return failed('made for another site or address');
      if (!isAlive(data.issuedAt, clock.now())) return failed('expired');
      // The id is signed, so one challenge cannot be told as two.
      return { ok: true, challengeId: `altcha:${nonce}`, expiresAt: data.issuedAt + challengeLifeMs + keepMarkMs };
    },
  };
}

/** A whole number from 0 to `limit` - 1. The limits here are far below 2^32, so the remainder's bias does not matter. */
function below(limit: number, random: (size: number) => Uint8Array): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % limit;
}
