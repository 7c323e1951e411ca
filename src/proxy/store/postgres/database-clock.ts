// The time of the database, which every process that shares it goes by: a lease expires at the same moment for all of them, however wrong
// a machine's own clock is.

import type { Clock } from '../../core/clock.js';

/** A clock that follows the database's. */
export interface DatabaseClock {
  readonly clock: Clock;
  /** Records the database's time `now`, asked for at the monotonic time `askedAt`. */
  observe(now: number, askedAt: number): void;
}

/** Differences up to this are the network's, milliseconds. */
const toleranceMs = 5;

/** Until the first observation, the time of `machine`. */
export function followDatabaseClock(machine: Clock): DatabaseClock {
  let offset: number | undefined;
  return {
    clock: {
      ...machine,
      now: () => (offset === undefined ? machine.now() : Math.round(machine.monotonic() + offset)),
    },
    observe: (now, askedAt) => {
      const receivedAt = machine.monotonic();
      const seen = now - (askedAt + receivedAt) / 2;
      const uncertainty = (receivedAt - askedAt) / 2 + toleranceMs;
      if (offset === undefined || Math.abs(seen - offset) > uncertainty) offset = seen;
    },
  };
}
