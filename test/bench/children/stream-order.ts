// The benchmark's messages to a stream server: collect garbage, or send one event to everyone.

/** A message to a stream server. */
export type StreamOrder = { readonly kind: 'collect' } | { readonly kind: 'event'; readonly text: string };

/** Collects garbage, so that only what is kept is measured. */
export function collectGarbage(): void {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  process.send?.({ done: true });
}
