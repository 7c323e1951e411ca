// The benchmark's messages to a stream server: report memory after a garbage collection, or send one event to everyone.

/** A message to a stream server. */
export type StreamOrder = { readonly kind: 'memory' } | { readonly kind: 'event'; readonly text: string };

/** Reports the memory of the whole process, in bytes. */
export function reportMemory(): void {
  globalThis.gc?.();
  process.send?.({ bytes: process.memoryUsage().rss });
}
