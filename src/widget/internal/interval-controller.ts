// Re-renders its host at intervals, as long as something in it is counting.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';

/**
 * A clock's tick as a Lit controller. `pace`: milliseconds until the next render; undefined while nothing is counting.
 *
 * @example
 * ```ts
 * // Renders every second while the call lasts, and not otherwise.
 * this.addController(intervalController(this, () => (this.isTalking ? 1000 : undefined)));
 * ```
 */
export function intervalController(host: ElementHost, pace: () => number | undefined): ReactiveController {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hostDisconnected = (): void => clearTimeout(timer);
  return {
    hostUpdated() {
      hostDisconnected();
      const ms = pace();
      if (ms !== undefined && host.isConnected) timer = setTimeout(() => host.requestUpdate(), ms);
    },
    hostConnected: () => host.requestUpdate(),
    hostDisconnected,
  };
}
