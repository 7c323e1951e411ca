// Qualified calls as a file for Google Ads' import of offline conversions by click ID. Pure: it neither reads the store nor handles
// phone numbers. No command uses it yet, because click IDs are written to the log and not stored with the call.

/** One call with the click ID of the page it was requested on. */
export interface ConvertedCall {
  readonly gclid?: string;
  /** When the call was answered, epoch milliseconds. */
  readonly answeredAt: number;
  /** Length of the conversation, whole seconds. */
  readonly talkedSeconds: number;
  readonly outcome: string;
}

/** The format of Google's click IDs: anything else could be a formula in a spreadsheet. */
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

/** A quoted CSV field (RFC 4180) that no spreadsheet interprets as a formula. */
const quoted = (text: string): string => `"${text.replace(/^[=+@\t\r-]+/, '').replaceAll('"', '""')}"`;
