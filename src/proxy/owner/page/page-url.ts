// What the page shows, as the query of its URL: a view can be bookmarked, shared and reached with the back button.

import { type Dimension, dimensions, type Period, periods } from '../../../owner-contract.js';

/** What the page shows. */
export interface PageView {
  readonly period: Period;
  readonly by: Readonly<Partial<Record<Dimension, string>>>;
  /** The call whose timeline is open. */
  readonly call?: string;
}

/** Reads a query; whatever is not understood is left out. */
export function viewOf(search: string): PageView {
  const query = new URLSearchParams(search);
  const period = periods.find((one) => one === query.get('period')) ?? 'week';
  const call = query.get('call');
  const by = Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const value = query.get(dimension);
      return value === null ? [] : [[dimension, value]];
    }),
  );
  return { period, by, ...(call !== null && { call }) };
}

/** The query of a view, with a leading `?`. */
export function searchOf({ period, by, call }: PageView): string {
  const query = new URLSearchParams({ period });
  for (const dimension of dimensions) {
    const value = by[dimension];
    if (value !== undefined) query.set(dimension, value);
  }
  if (call !== undefined) query.set('call', call);
  return `?${query.toString()}`;
}

/** The query of a request for the data of a view. */
export function requestOf({ period, by }: PageView, zone: string): string {
  const query = new URLSearchParams(searchOf({ period, by }));
  query.set('zone', zone);
  return `?${query.toString()}`;
}
