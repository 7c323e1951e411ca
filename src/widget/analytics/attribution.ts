// Where the visitor came from, for pages that opt in: campaign parameters and click ids of the page's URL, no others.

import { campaignParameters } from '../../contract.js';

/** Longer values are cut off, characters. */
const maxLength = 200;

/** The campaign parameters of a query string such as `location.search`. */
export function attributionOf(search: string): Record<string, string> {
  const query = new URLSearchParams(search);
  return Object.fromEntries(
    campaignParameters.flatMap((name) => {
      // The last one counts where the URL has several.
      const value = query.getAll(name).at(-1);
      return value === undefined ? [] : [[name, value.slice(0, maxLength)]];
    }),
  );
}
