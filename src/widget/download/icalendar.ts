// "Add to your calendar": an iCalendar file (RFC 5545) of one callback or appointment. The visitor's own number is not in it.

/** What the file contains. */
export interface CalendarEntry {
  /** The call's id, so that a second file replaces the first. */
  readonly id: string;
  /** When it begins, RFC 3339. */
  readonly at: string;
  /** When it ends, RFC 3339. */
  readonly end?: string;
  /** How long it lasts, where the end is not known. Without either, it is a moment. */
  readonly minutes?: number;
  /** When the file is written, epoch milliseconds. */
  readonly now: number;
  readonly title: string;
  readonly description: string;
}

/** The file's text: UTC times, lines of at most 75 octets, CRLF. */
export function calendarFile({ id, at, end, minutes, now, title, description }: CalendarEntry): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//polyai-callback//EN',
    'BEGIN:VEVENT',
    `UID:${id}`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(at)}`,
    ...(end ? [`DTEND:${utc(end)}`] : minutes ? [`DURATION:PT${minutes}M`] : []),
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(description)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** §3.3.5, form 2. */
const utc = (at: string | number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** §3.3.11. Other control characters are not allowed in text. */
const escaped = (text: string): string =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, '');

/** §3.1: a line of more than 75 octets continues on the next one, which begins with a space. No character is split. */
function folded(line: string): string {
  let octets = 0;
  let text = '';
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (octets + size > 75) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}
