// Reads one connection of a call's event stream to its end. follow-call.ts decides when to reconnect.

import { createParser } from 'eventsource-parser';
import { type CallSnapshot, isCallSnapshot, silenceMs, type StreamEventName } from '../../contract.js';

/** Callbacks of a connection. */
export interface StreamListener {
  onSnapshot(call: CallSnapshot): void;
  /** The server's reconnection delay, milliseconds. */
  onRetry(ms: number): void;
  /** Bytes arrived: events, heartbeats, anything. */
  onBytes(): void;
}

/** A longer event is not a snapshot, characters. */
const maxEventLength = 65_536;

/** Resolves when the server closes the stream; rejects when it breaks, when `signal` aborts, or on an endless event. */
export async function readStream(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  { onSnapshot, onRetry, onBytes }: StreamListener,
): Promise<void> {
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onRetry,
    onEvent({ event, data }) {
      if ((event as StreamEventName | undefined) !== 'snapshot') return;
      const call = parsed(data);
      // A malformed event is skipped: the next one is a complete snapshot.
      if (isCallSnapshot(call)) onSnapshot(call);
    },
  });
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  // Aborting the fetch does not end a body that comes from a service worker.
  signal.addEventListener('abort', cancel);
  // `stream: true` buffers the bytes of a character that is split across chunks.
  const decoder = new TextDecoder();
  let last: string | undefined;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      onBytes();
      // The parser holds a carriage return at the end back, because a line feed may follow: that is the end of one line, too.
      const text = decoder.decode(value, { stream: true });
      parser.feed((last === '\r' ? text.replace(/^\n/, '') : text).replace(/\r\n?/g, '\n'));
      last = text.at(-1) ?? last;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    // Frees the connection when the parser threw; does nothing on one that ended.
    cancel();
  }
}

/** Longest wait for the first byte, which the proxy sends immediately: detects a middlebox that buffers streams. */
export const firstByteMs = 10_000;

/** Longest silence of a connection, milliseconds. */
export const silenceAllowedMs = (hasBytes: boolean): number => (hasBytes ? silenceMs : firstByteMs);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
