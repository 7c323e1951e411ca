// What a place in the queue takes while a call waits: how many may wait in total, for one number, and from one address, network and
// provider. What its turn takes is in rate-limit.ts.

import type { VisitorAddress } from '../http/client-address.js';
import { storedKey } from '../store/queue.js';
import type { ConcurrencySlot } from '../store/store.js';
import { everybody, providerShareOf } from './bookings.js';
import type { Limits } from './limits.js';

/** Who joins. */
export interface JoiningVisitor {
  readonly numberKeys: readonly string[];
  readonly address: VisitorAddress;
}

/** What the places depend on. */
export interface QueuePlaceDeps {
  readonly limits: Pick<Limits, 'scheduledPerAddress' | 'scheduledPerNeighbourhood'>;
  /** Most calls in the queue. */
  readonly queueLength: number;
  readonly keysOf: (text: string) => readonly string[];
}

/** The key under which every waiting call holds a slot, except those that were passed over: how long the queue is. */
export const queueLengthKey: string = `queue ${everybody}`;

/** Those that were passed over do not count toward the queue's length, but the database must not fill up with them. */
const storedPerPlace = 5;

/** The slots that a call holds while it waits. Separate from those of bookings: somebody with a callback for tomorrow may wait today. */
export function queueSlots(
  { numberKeys, address }: JoiningVisitor,
  { limits, queueLength, keysOf }: QueuePlaceDeps,
): readonly ConcurrencySlot[] {
  const atMost = (max: number, scope: ConcurrencySlot['scope'], names: readonly string[]): ConcurrencySlot => {
    const [key = '', ...aliases] = names.map((name) => `queue ${name}`);
    return { scope, key, aliases, max };
  };
  const provider = keysOf(`provider ${address.providerPrefix}`).map((key) => `from ${key}`);
  return [
    atMost(limits.scheduledPerAddress, 'scheduled-address', keysOf(address.bucket)),
    atMost(limits.scheduledPerNeighbourhood, 'scheduled-neighbourhood', keysOf(address.networkPrefix)),
    atMost(queueLength, 'queue-length', [everybody]),
    // Dozens of networks rented in one place leave half of the queue to everybody else.
    atMost(providerShareOf(queueLength, limits), 'queue-length', provider),
    { scope: 'queue-length', key: storedKey, max: queueLength * storedPerPlace },
    atMost(1, 'scheduled-number', numberKeys),
  ];
}
