// What the bench asks of a server of streams: its memory after a collection, or one event for everybody.

/** A message to a server of streams. */
export type StreamOrder = { readonly kind: 'memory' } | { readonly kind: 'event'; readonly text: string };

/** Answers with bytes: of the whole process. */
export function answerMemory(): void {
  globalThis.gc?.();
  process.send?.({ bytes: process.memoryUsage().rss });
}
