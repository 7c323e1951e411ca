// Reads one connection of a call's event stream to its end. When to connect again is proxy-client.ts.

import { createParser } from 'eventsource-parser';
import { type CallSnapshot, isCallSnapshot, silenceMs, type StreamEventName } from '../../contract.js';

/** What a connection tells. */
export interface StreamListener {
  onSnapshot(call: CallSnapshot): void;
  /** The server's word on when to come back, milliseconds. */
  onRetry(ms: number): void;
  /** Bytes came: events, heartbeats, anything. */
  onBytes(): void;
}

/** More than this in one event is no snapshot, characters. */
const maxEventLength = 65_536;

/** Resolves when the server closes the stream; rejects when it breaks, when `signal` aborts, or on nonsense without end. */
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
      // What cannot be understood is skipped: the next event is whole again.
      if (isCallSnapshot(call)) onSnapshot(call);
    },
  });
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  // A body that a service worker made does not end with the fetch that asked for it.
  signal.addEventListener('abort', cancel);
  // `stream: true` holds back the bytes of a character that a chunk cut in two.
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    // Frees the connection when the parser threw; on one that ended it does nothing.
    cancel();
  }
}

/** Longest wait for the first byte, which the proxy sends at once: a middlebox that holds a stream back is found out early. */
export const firstByteMs = 10_000;

/** How long a connection may be silent, milliseconds. */
export const silenceAllowedMs = (hasBytes: boolean): number => (hasBytes ? silenceMs : firstByteMs);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
