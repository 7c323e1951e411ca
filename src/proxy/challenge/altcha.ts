// Proof of work: issues challenges and verifies their solutions. The store ensures single use (the reservation marks the id); the
// route limits how many challenges may be requested.
//
// PBKDF2 with SHA-256, because a browser computes it natively and off the page's thread, so that a script gains little over a
// visitor, and because every browser supports it without WebAssembly, which strict content security policies forbid (hence no
// Argon2).

import { createHmac, hkdfSync, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Challenge } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import { type AltchaPayload, readAltchaPayload } from './altcha-payload.js';
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
  /** Iterations of one derivation: what creating a challenge costs us. */
  readonly iterations?: number;
  /** Most derivations that the first challenge of an address takes; half as many on average. */
  readonly derivations?: number;
  /** How many instances issue challenges; default 1. Each sees only a part of those that an address gets. */
  readonly instances?: number;
  /** Challenges created concurrently; beyond that, `issue` creates none. Derivations share Node's four threads with DNS and file access. */
  readonly mostAtOnce?: number;
}

/** Whom a challenge is for. `recentAttempts`: the recent attempts of the address, in addition to the challenges it got from this process. */
export interface ChallengeAsked extends ChallengeBinding {
  readonly recentAttempts?: number;
}

/** Proof of work. */
export interface Altcha {
  /** Creates a challenge; undefined while too many are being created. */
  issue(issuedFor: ChallengeAsked): Promise<Challenge | undefined>;
  /** Verifies a solution. */
  verify(payload: string, binding: ChallengeBinding): Promise<Verification>;
}

/**
 * 2,000 iterations take 0.3 ms in Chromium and 0.4 ms in Node (measured on 2 cores, November 2026). The first challenge takes
 * 800 derivations on average and 1,600 at most: 0.25 s and 0.5 s there, 1.5 s and 3 s on a phone six times slower. At the
 * highest price it is 3,200 and 6,400: 6 s and 12 s on that phone, the upper bound.
 */
const defaults = { iterations: 2_000, derivations: 1_600, mostAtOnce: 64, instances: 1 };

/** Challenges an address gets before the price doubles with each one. */
const cheapChallenges = 2;
/** The price never exceeds this multiple of the first: an office or a mobile carrier behind one address must get through. */
const highestPrice = 4;

/** Creates it. Throws when the secret is too short. */
export function createAltcha(options: AltchaOptions): Altcha {
  const { secret, clock, random } = options;
  const { iterations, derivations, mostAtOnce, instances } = { ...defaults, ...options };
  if (secret.byteLength < 32) throw new Error('the challenge secret must have at least 32 bytes');
  const derived = (use: string): string =>
    Buffer.from(hkdfSync('sha256', secret, '', `polyai-callback ${use}`, 32)).toString('hex');
  const hmacSignatureSecret = derived('altcha signature');
  const hmacKeySignatureSecret = derived('altcha key signature');
  const bindingSecret = derived('altcha binding');
  const recent = createRecentChallenges({ clock });
  let beingMade = 0;

  // Keyed, because it passes through the visitor's page and must not reveal an address.
  const bindingOf = ({ site, action, addressBucket }: ChallengeBinding): string =>
    createHmac('sha256', bindingSecret)
      .update(JSON.stringify([site, action, addressBucket]))
      .digest('hex');

  return {
    async issue(issuedFor) {
      if (beingMade >= mostAtOnce) return undefined;
      beingMade++;
      try {
        const known = Math.max(recent.count(issuedFor.addressBucket) * instances, issuedFor.recentAttempts ?? 0);
        const price = Math.min(highestPrice, 2 ** Math.max(0, known - cheapChallenges + 1));
        const made = await createChallenge({
          algorithm: 'PBKDF2/SHA-256',
          cost: iterations,
          // From 1, not from the middle: an attacker would start wherever the range starts.
          counter: 1 + below(derivations * price, random),
          data: { binding: bindingOf(issuedFor), issuedAt: clock.now() },
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
      // The library checks expiry with the machine's clock; ours is checked below.
      const result = await verifySolution({
        challenge,
        solution,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      });
      if (!result.verified) return failed(result.invalidSignature === true ? 'tampered' : 'not solved');
      // The library compares the key with the signed one and ignores the counter, so check that the counter leads to the key.
      if (!(await leadsTo(solution, challenge))) return failed('not solved');
      if (data.binding !== bindingOf(binding)) return failed('made for another site or address');
      if (!isAlive(data.issuedAt, clock.now())) return failed('expired');
      // The id is signed, so one challenge cannot be passed off as two.
      return { ok: true, challengeId: `altcha:${nonce}`, expiresAt: data.issuedAt + challengeLifeMs + keepMarkMs };
    },
  };
}

const derive = promisify(pbkdf2);

/** True when the counter's key is the one that was sent: one derivation, for a challenge that is known to be ours. */
async function leadsTo(
  { counter, derivedKey }: AltchaPayload['solution'],
  { parameters }: Challenge,
): Promise<boolean> {
  const { nonce, salt, cost, keyLength } = parameters;
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)]);
  password.writeUInt32BE(counter, password.length - 4);
  const key = await derive(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256');
  return timingSafeEqual(key, Buffer.from(derivedKey, 'hex'));
}

/** A whole number from 0 to `limit` - 1. The limits here are far below 2^32, so the remainder's bias does not matter. */
function below(limit: number, random: (size: number) => Uint8Array): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % limit;
}
