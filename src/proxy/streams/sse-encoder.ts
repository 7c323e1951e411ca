// Encodes the event stream (WHATWG HTML §9.2.5). Fields come from closed sets or are JSON, so that no value can end a line: no
// visitor's input or upstream text can inject a field.

import { type StreamEventName, streamEvents } from '../../contract.js';

/** One event of the stream. */
export interface StreamEvent {
  readonly event: StreamEventName;
  /** Sequence number; becomes the reader's `Last-Event-ID`. Omitted if the reader should keep the one it has. */
  readonly id?: number;
  /** Sent as one line of JSON. */
  readonly data: unknown;
  /** How long the reader should wait before it reconnects, milliseconds. */
  readonly retryMs?: number;
}

/** Media type and headers of a stream. Without `X-Accel-Buffering`, nginx with gzip delays every event (measured). */
export const streamHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Encodes one event. Throws a RangeError for a field outside its closed set, which is always a bug of ours. */
export const encodeEvent = ({ event, id, data, retryMs }: StreamEvent): string => {
  if (!streamEvents.includes(event)) throw new RangeError('event name is not of the closed list');
  // JSON.stringify escapes CR, LF and NUL inside strings and writes none of its own.
  const json = JSON.stringify(data);
  if (json === undefined) throw new RangeError('data is not JSON');
  const idLine = id === undefined ? '' : `id: ${decimal(id)}\n`;
  const retryLine = retryMs === undefined ? '' : `retry: ${decimal(retryMs)}\n`;
  return `${idLine}event: ${event}\n${retryLine}data: ${json}\n\n`;
};

/** Encodes a comment, which readers ignore: a heartbeat. Line ends and NUL become spaces. */
export const encodeComment = (text: string): string => `: ${text.replaceAll(/[\r\n\0]/g, ' ')}\n\n`;

/** The sequence number in a `Last-Event-ID` header; undefined for anything we did not send ourselves. */
export const parseLastEventId = (value: string | undefined): number | undefined =>
  value !== undefined && /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : undefined;

const decimal = (value: number): string => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not a sequence number or duration');
  return String(value);
};
