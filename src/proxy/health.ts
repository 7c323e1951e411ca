// Whether the process lives, and whether it can place a call.

import type { AppContext } from './app-context.js';
import type { Placing } from './placing.js';
import type { Store } from './store/store.js';

/** The two answers, and the switch for shutting down. */
export interface Health {
  /** `GET /healthz`: the process answers. */
  alive(c: AppContext): Response;
  /** `GET /readyz`: the store takes a durable write, the credential works, nothing is shutting down. */
  ready(c: AppContext): Promise<Response>;
  /** From now on nothing new begins. */
  drain(): void;
  isDraining(): boolean;
}

/** Makes them. */
export function createHealth(deps: {
  readonly store: Pick<Store, 'ping'>;
  readonly placing: Pick<Placing, 'isDenied'>;
}): Health {
  let isDraining = false;
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
      if (deps.placing.isDenied()) return answer(503, 'credential-refused');
      try {
        await deps.store.ping();
      } catch {
        return answer(503, 'store-unavailable');
      }
      return answer(200, 'ready');
    },
  };
}
