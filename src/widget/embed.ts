// The script tag's entry: registers the element, sets the proxy that served the script as its default endpoint, and passes on
// what the page requests without the element (chunks/mount.ts). It runs once per page: a second script hands over its tag before
// it gets here (vite.config.ts).

import { html, nothing } from 'lit';
import type { PolyaiCallback } from './define.js';
import './define.js';
import type { MountRequest } from './chunks/mount.js';
import { scriptTag, scriptUrl } from './embed/script-source.js';
import { loadChunk } from './embed/load-chunk.js';
import type { SharedScript } from './embed/shared-script.js';

const page = globalThis as unknown as {
  polyaiCallback: MountRequest | object | undefined;
  [key: symbol]: SharedScript;
};
const before = page.polyaiCallback as MountRequest | undefined;
page[Symbol.for('polyai-callback.script')] = { html, nothing, loadChunk };

const url = new URL(scriptUrl);
// Whichever copy of the element the page has registered.
(customElements.get('polyai-callback') as typeof PolyaiCallback).defaultEndpoint ??=
  scriptTag?.dataset['endpoint'] ?? url.searchParams.get('endpoint') ?? new URL('.', url).href.slice(0, -1);

const push = (...requests: readonly MountRequest[]): void => {
  // If the chunk fails to load, the page stays as it was.
  import('./chunks/mount.js').then(
    ({ mount }) => mount(requests),
    () => {},
  );
};
const api = {
  push,
  ...Object.fromEntries(
    (['open', 'close', 'request'] as const).map((name) => [name, (phone?: string) => push([name, phone])]),
  ),
};
// When the page or a late tag assigns it again, that is one more command.
try {
  Object.defineProperty(page, 'polyaiCallback', { get: () => api, set: push });
} catch {
  // Declared with `var`, it can be neither observed nor redefined.
  page.polyaiCallback = api;
}
if (before) push(before);
if (scriptTag && (url.search || Object.keys(scriptTag.dataset)[0])) push(scriptTag);

const findPlaceholders = (): void => {
  if (!document.querySelector('[data-polyai-callback]')) return;
  // From here on the chunk observes the page itself.
  observer.disconnect();
  push();
};
const observer = new MutationObserver(findPlaceholders);
observer.observe(document, { childList: true, subtree: true });
findPlaceholders();
