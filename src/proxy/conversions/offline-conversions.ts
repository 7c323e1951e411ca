// Qualified calls as a file for Google Ads' import of offline conversions by click ID. Pure: it neither reads the store nor knows a
// phone number. Not wired to a command yet, because the store does not keep click IDs with a call; the log does.

/** One call with the click ID of the page it was requested on. */
export interface ConvertedCall {
  readonly gclid?: string;
  /** When the call was answered, epoch milliseconds. */
  readonly answeredAt: number;
  /** Whole seconds of conversation. */
  readonly talkedSeconds: number;
  readonly outcome: string;
}

/** A click ID as Google writes it: anything else could be a formula in a spreadsheet. */
const clickId = /^[\w-]{10,200}$/;

/**
 * The file: one line for each completed call of at least `qualifiedSeconds` with a usable click ID, times in UTC.
 * `name`: the conversion action's name in Google Ads.
 */
export function offlineConversions(calls: readonly ConvertedCall[], name: string, qualifiedSeconds: number): string {
  const lines = calls
    .filter(({ outcome, talkedSeconds }) => outcome === 'completed' && talkedSeconds >= qualifiedSeconds)
    .filter(({ gclid }) => gclid !== undefined && clickId.test(gclid))
    .map(({ gclid = '', answeredAt }) => [gclid, quoted(name), timeOf(answeredAt)].join(','));
  return ['Parameters:TimeZone=+0000', 'Google Click ID,Conversion Name,Conversion Time', ...lines, ''].join('\n');
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** A field of RFC 4180 that no spreadsheet takes for a formula. */
const quoted = (text: string): string => `"${text.replace(/^[=+@\t\r-]+/, '').replaceAll('"', '""')}"`;
