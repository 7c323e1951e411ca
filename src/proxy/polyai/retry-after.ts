// Parses `Retry-After` (RFC 9110 §10.2.3) into a usable wait, whatever an upstream wrote.

/** Longest wait an upstream can impose, seconds. */
export const longestRetryAfterSeconds = 3_600;

/** Seconds to wait, 1 to {@link longestRetryAfterSeconds}; undefined when the header is missing or makes no sense. */
export const parseRetryAfter = (value: string | undefined, now: number): number | undefined => {
  const text = value?.trim() ?? '';
  if (text === '' || text.length > 40) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : untilDate(text, now);
  if (seconds === undefined) return undefined;
  return Math.min(longestRetryAfterSeconds, Math.max(1, seconds));
};

/** Only the date form HTTP requires senders to use; `Date.parse` alone would accept almost anything. */
const untilDate = (text: string, now: number): number | undefined => {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.ceil((at - now) / 1_000);
};
