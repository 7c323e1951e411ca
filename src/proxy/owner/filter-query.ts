// A filter as the query of a URL. Nothing else is accepted, and no text is longer than what a call can have.

import { dimensions, type OwnerFilter, periods } from '../../owner-contract.js';
import { knownZone } from '../hours/zone-clock.js';

const longest = 1_024;

/** The filter; undefined when the query is not one. */
export function filterOf(query: URLSearchParams): OwnerFilter | undefined {
  const named = query.get('period') ?? 'week';
  const period = periods.find((one) => one === named);
  const zone = knownZone(query.get('zone') ?? 'UTC');
  if (period === undefined || zone === undefined) return undefined;
  const by = Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const value = query.get(dimension);
      return value === null ? [] : [[dimension, value] as const];
    }),
  );
  return Object.values(by).some((value) => value.length > longest) ? undefined : { period, zone, by };
}
