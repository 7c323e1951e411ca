// Where the visitor came from, for pages that ask for it: campaign parameters and click ids of the page's address, no others.

/** The parameters that are passed on. */
const allowed =
  /^(?:utm_(?:source|medium|campaign|term|content|id)|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|li_fat_id|twclid)$/;
/** Longer values are cut off, characters. */
const maxLength = 200;

/** Allow-listed parameters of a query string such as `location.search`. */
export function attributionOf(search: string): Record<string, string> {
  return Object.fromEntries(
    [...new URLSearchParams(search)]
      .filter(([key]) => allowed.test(key))
      .map(([key, value]) => [key, value.slice(0, maxLength)]),
  );
}
