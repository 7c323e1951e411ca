// Whether the process is alive, and whether it can place a call.

import type { AppContext } from '../http/context.js';
import type { Clock } from '../core/clock.js';
import type { CredentialMonitor } from '../calls/credential-monitor.js';
import type { Store } from '../store/store.js';

/** The two endpoints, and the switch for shutting down. */
export interface Health {
  /** `GET /healthz`: the process responds. */
  alive(c: AppContext): Response;
  /** `GET /readyz`: the store accepts a durable write, the credential works, and the process is not shutting down. */
  ready(c: AppContext): Promise<Response>;
  /** Starts draining: no new work. */
  drain(): void;
  isDraining(): boolean;
}

/** How long the result of one durable write is reused, milliseconds: anyone may call this, and a flood must not reach the disk. */
export const pingLifeMs = 1_000;

/** Creates them. */
export function createHealth(deps: {
  readonly store: Pick<Store, 'ping'>;
  readonly credential: Pick<CredentialMonitor, 'isRefused'>;
  readonly clock: Pick<Clock, 'now'>;
}): Health {
  let isDraining = false;
  let lastPing: { readonly at: number; readonly isHealthy: Promise<boolean> } | undefined;
  /** Whether the store accepted a durable write now or a moment ago. Concurrent checks share one. */
  const isStoreHealthy = (): Promise<boolean> => {
    const now = deps.clock.now();
    if (lastPing === undefined || Math.abs(now - lastPing.at) >= pingLifeMs) {
      const isHealthy = deps.store.ping().then(
        () => true,
        () => false,
      );
      lastPing = { at: now, isHealthy };
    }
    return lastPing.isHealthy;
  };
  const answer = (status: number, says: string): Response =>
    Response.json({ status: says }, { status, headers: { 'Cache-Control': 'no-store' } });

  return {
    isDraining: () => isDraining,
    drain: () => {
      isDraining = true;
    },
    alive: () => answer(200, 'alive'),
    async ready() {
      if (isDraining) return answer(503, 'shutting-down');
      if (deps.credential.isRefused()) return answer(503, 'credential-refused');
      return (await isStoreHealthy()) ? answer(200, 'ready') : answer(503, 'store-unavailable');
    },
  };
}
