// Loads the queue chunk, once for all elements of a page. Whether an element needs it is decided in follow-up/queue-loader.ts.

import type * as chunk from '../chunks/queue.js';

/** What the chunk exports. */
export type QueueChunk = typeof chunk;

let loaded: QueueChunk | undefined;

/** The chunk; undefined until it has loaded. */
export const queue = (): QueueChunk | undefined => loaded;

/** Loads the chunk; undefined when that fails. The next call tries again. */
export async function loadQueue(): Promise<QueueChunk | undefined> {
  try {
    loaded ??= await import('../chunks/queue.js');
  } catch {
    // A limit is a plain refusal, and a call that waits is said to be in the queue.
  }
  return loaded;
}
