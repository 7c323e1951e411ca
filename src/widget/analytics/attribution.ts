// Where the visitor came from, for pages that opt in: campaign parameters and click IDs in the page's URL, nothing else.

import { campaignParameters } from '../../contract.js';

/** Longer values are truncated, characters. The proxy takes a click ID of this length for a truncated one. */
const maxLength = 512;

/** The campaign parameters of a query string such as `location.search`. */
export function attributionOf(search: string): Record<string, string> {
  const query = new URLSearchParams(search);
  return Object.fromEntries(
    campaignParameters.flatMap((name) => {
      // Where the URL repeats a parameter, the last one counts.
      const value = query.getAll(name).at(-1);
      return value === undefined ? [] : [[name, value.slice(0, maxLength)]];
    }),
  );
}
