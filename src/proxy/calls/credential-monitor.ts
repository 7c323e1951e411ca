// Whether PolyAI takes our credential. Once it is refused nothing is placed and nothing is polled; a status request (never a call)
// finds out when it works again, so that no restart is needed. One for the whole process.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import type { CredentialVerdict } from '../polyai/probe-credential.js';
import { createHalfOpen } from './half-open.js';

/** What is known of the credential. */
export interface CredentialMonitor {
  isRefused(): boolean;
  /** When it is tried again, epoch milliseconds; undefined while it is not refused. */
  tryAgainAt(): number | undefined;
  /** What the answer to a trigger says about it. `visitor`: who caused it, for telling one visitor's trouble from everybody's. */
  recordTrigger(outcome: PlaceOutcome, visitor: string): void;
  /** A status request was refused in words: 401, or 403 with PolyAI's own JSON. */
  recordRefusal(): void;
  /** Asks PolyAI now; used at start. Never rejects. */
  check(): Promise<CredentialVerdict>;
}

/** What the monitor needs. */
export interface CredentialMonitorDeps {
  /** One status request; see {@link probeCredential}. */
  readonly probe: () => Promise<CredentialVerdict>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A `403` that PolyAI did not write (a firewall before it) counts once it met so many visitors in a row. */
export const doubtsToRefuse = 3;

const advice =
  'PolyAI refuses the credential: check POLYAI_CONNECTOR_ID, POLYAI_ACCOUNT_ID, POLYAI_PROJECT_ID and the region. No call is placed; it is tried again without a restart';

/** Makes the monitor of a credential that is taken to work. */
export function createCredentialMonitor({ probe, clock, log }: CredentialMonitorDeps): CredentialMonitor {
  // Only a call that was accepted makes the next pause short again: a credential that may ask but not call would flap.
  const pause = createHalfOpen(clock);
  const doubters = new Set<string>();
  let isRefused = false;

  function refuse(): void {
    if (isRefused) return;
    isRefused = true;
    doubters.clear();
    log.error('credential-refused', { advice });
    tryLater();
  }

  function tryLater(): void {
    pause.open();
    clock.after(Math.max(1, pause.tryAt() - clock.now()), () => void tryNow());
  }

  async function tryNow(): Promise<void> {
    if ((await probe()) !== 'works') return tryLater();
    isRefused = false;
    log.info('credential-works', {});
  }

  return {
    isRefused: () => isRefused,
    tryAgainAt: () => (isRefused ? pause.tryAt() : undefined),
    recordRefusal: refuse,
    recordTrigger(outcome, visitor) {
      switch (outcome.kind) {
        case 'accepted':
          doubters.clear();
          if (!isRefused) pause.close();
          return;
        case 'rejected':
          if (outcome.credential === 'refused') return refuse();
          if (outcome.credential === undefined) return doubters.clear();
          doubters.add(visitor);
          if (doubters.size >= doubtsToRefuse) refuse();
          return;
        case 'not-sent':
        case 'unknown':
          return;
      }
    },
    async check() {
      const verdict = await probe();
      if (verdict === 'refused') refuse();
      return verdict;
    },
  };
}
