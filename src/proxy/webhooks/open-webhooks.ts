// Starts the deliveries of a proxy. Loaded only where endpoints are configured.

import { createDeliveries, type Deliveries, type DeliveriesDeps } from './deliveries.js';
import type { Clock } from '../core/clock.js';
import { createSender } from './send-message.js';

/** Starts them. `machineClock`: signatures are dated by it, also where the sandbox has another. */
export function openWebhooks(deps: Omit<DeliveriesDeps, 'send'>, machineClock: Clock): Deliveries {
  const deliveries = createDeliveries({ ...deps, send: createSender(machineClock) });
  deliveries.start();
  return deliveries;
}
