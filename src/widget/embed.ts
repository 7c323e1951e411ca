// The script tag's entry: registers the element, says where the proxy is that served it, and hands what the page asks for in
// other ways than with the element itself to a piece that pages without such ways never load (mount.ts). It runs once for a
// page: a second script hands its tag on before it comes here (vite.config.ts).

import type { PolyaiCallback } from './define.js';
import './define.js';
import type { Wished } from './chunks/mount.js';
import { scriptTag, scriptUrl } from './embed/script-source.js';

const page = globalThis as unknown as { readonly polyaiCallback: Wished | undefined };
const { polyaiCallback: before } = page;

const url = new URL(scriptUrl);
// Whichever copy of the element the page has.
(customElements.get('polyai-callback') as typeof PolyaiCallback).defaultEndpoint ??=
  scriptTag?.dataset['endpoint'] ?? url.searchParams.get('endpoint') ?? new URL('.', url).href.slice(0, -1);

const push = (...wishes: readonly Wished[]): void => {
  // A piece that cannot be had leaves the page as it was.
  import('./chunks/mount.js').then(
    ({ mount }) => mount(wishes),
    () => {},
  );
};
const api = {
  push,
  ...Object.fromEntries(
    (['open', 'close', 'request'] as const).map((name) => [name, (phone?: string) => push([name, phone])]),
  ),
};
// Set again by a page or a tag that came late, it is one wish more.
Object.defineProperty(page, 'polyaiCallback', { get: () => api, set: push });
if (before) push(before);
if (scriptTag && (url.search || Object.keys(scriptTag.dataset)[0])) push(scriptTag);

const look = (): void => {
  if (!document.querySelector('[data-polyai-callback]')) return;
  // From here on the piece watches by itself.
  observer.disconnect();
  push();
};
const observer = new MutationObserver(look);
observer.observe(document, { childList: true, subtree: true });
look();
