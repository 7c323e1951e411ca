// The script of a hosted page in a frame: reports the page's height and the call's events to the site around it. The protocol is
// described in docs/install/iframe.md. No message contains a phone number.

import type { PolyaiCallbackEventName } from '../internal/events.js';

const names: readonly PolyaiCallbackEventName[] = [
  'polyai-callback-requested',
  'polyai-callback-progress',
  'polyai-callback-scheduled',
  'polyai-callback-ended',
  'polyai-callback-outcome',
  'polyai-callback-refused',
  'polyai-callback-error',
];

/** The site around the frame, which the page's policy allows; undefined when the browser does not reveal it. */
let site = siteAround();
let height = 0;

// A site that the browser does not reveal identifies itself by sending a hello message.
addEventListener('message', ({ source, origin, data }: MessageEvent<{ type?: unknown } | null>) => {
  if (source !== parent || data?.type !== 'polyai-callback:hello') return;
  site = origin;
  height = 0;
  postHeight();
});
new ResizeObserver(postHeight).observe(document.body);
for (const name of names)
  document.addEventListener(name, (event) => {
    const { detail } = event as CustomEvent<object | null>;
    post({ type: 'polyai-callback:event', name, detail });
  });

function postHeight(): void {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  post({ type: 'polyai-callback:height', height });
}

function post(message: object): void {
  if (site !== undefined && parent !== globalThis.window) parent.postMessage(message, site);
}

function siteAround(): string | undefined {
  const { ancestorOrigins } = location as Location & { readonly ancestorOrigins?: DOMStringList };
  if (ancestorOrigins?.[0]) return ancestorOrigins[0];
  return document.referrer ? new URL(document.referrer).origin : undefined;
}
