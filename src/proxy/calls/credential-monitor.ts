// Whether PolyAI accepts the credential. Once it is rejected, nothing is placed or polled; a status request (never a call) detects
// when it works again, so that no restart is needed. One per process.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import type { CredentialVerdict } from '../polyai/probe-credential.js';
import { createHalfOpen } from './half-open.js';

/** The state of the credential. */
export interface CredentialMonitor {
  isRefused(): boolean;
  /** When it is tried again, epoch milliseconds; undefined while it is not rejected. */
  tryAgainAt(): number | undefined;
  /** Learns from the response to a trigger. `visitor`: who caused it, to tell one visitor's failures from everyone's. */
  recordTrigger(outcome: PlaceOutcome, visitor: string): void;
  /** A status request was rejected explicitly: 401, or 403 with PolyAI's own JSON. */
  recordRefusal(): void;
  /** Probes PolyAI now; used at startup. Never rejects. */
  check(): Promise<CredentialVerdict>;
}

/** Dependencies of the monitor. */
export interface CredentialMonitorDeps {
  /** One status request; see {@link probeCredential}. */
  readonly probe: () => Promise<CredentialVerdict>;
  readonly clock: Clock;
  readonly log: Log;
  /** The settings to check, for the log. */
  readonly settings?: string;
}

/** A `403` not written by PolyAI (such as a firewall's) counts after this many different visitors in a row. */
export const doubtsUntilRefused = 3;

const adviceFor = (settings: string): string =>
  `PolyAI refuses the credential: check ${settings} and the region. No call is placed; it is tried again without a restart`;

/** Creates the monitor; the credential is assumed to work. */
export function createCredentialMonitor(deps: CredentialMonitorDeps): CredentialMonitor {
  const { probe, clock, log, settings = 'POLYAI_CONNECTOR_ID, POLYAI_ACCOUNT_ID, POLYAI_PROJECT_ID' } = deps;
  // Only an accepted call resets the pause: a credential that may read but not call would flap.
  const pause = createHalfOpen(clock);
  const doubtfulVisitors = new Set<string>();
  let isRefused = false;

  function refuse(): void {
    if (isRefused) return;
    isRefused = true;
    doubtfulVisitors.clear();
    log.error('credential-refused', { advice: adviceFor(settings) });
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
          doubtfulVisitors.clear();
          if (!isRefused) pause.close();
          return;
        case 'rejected':
          if (outcome.credential === 'refused') return refuse();
          if (outcome.credential === undefined) return doubtfulVisitors.clear();
          doubtfulVisitors.add(visitor);
          if (doubtfulVisitors.size >= doubtsUntilRefused) refuse();
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
