// Pushes the element's events to the page's data layer, for pages that name one. No event contains a phone number.

import type { PolyaiCallbackEventName } from '../internal/events.js';

const names: readonly PolyaiCallbackEventName[] = [
  'polyai-callback-open',
  'polyai-callback-close',
  'polyai-callback-requested',
  'polyai-callback-progress',
  'polyai-callback-scheduled',
  'polyai-callback-ended',
  'polyai-callback-outcome',
  'polyai-callback-refused',
  'polyai-callback-error',
];

/** Pushes `{event: 'polyai_callback_ended', …detail}` and the like to `window[layer()]`, an array that is created when missing. */
export function feedDataLayer(host: Element, layer: () => string | undefined): void {
  for (const name of names) {
    host.addEventListener(name, (event) => {
      const key = layer();
      if (!key) return;
      const page = globalThis as unknown as Record<string, unknown>;
      const queue = (page[key] ??= []);
      const { detail } = event as CustomEvent<object | null>;
      if (Array.isArray(queue)) queue.push({ event: name.replaceAll('-', '_'), ...detail });
    });
  }
}
