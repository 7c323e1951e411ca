// Any link or button on the page can open the element: `data-polyai-callback-open` (its value may be the id of one of several
// elements), or a link to `#polyai-callback`.

import { type ConnectedElement, connectedElements } from '../internal/connected-elements.js';

const triggers = '[data-polyai-callback-open], [href="#polyai-callback"]';

/** Listens to the whole page's clicks; called once, when the element is registered. */
export function listenForOpenTriggers(): void {
  document.addEventListener('click', (event) => {
    const trigger = event
      .composedPath()
      .find((node): node is Element => node instanceof Element && node.matches(triggers));
    const target = trigger && targetOf(trigger);
    if (!target) return;
    event.preventDefault();
    target.open();
  });
}

/** The element that a trigger opens: the one it names, else one in the same tree, else the page's first. */
function targetOf(trigger: Element): ConnectedElement | undefined {
  const id = trigger.getAttribute('data-polyai-callback-open');
  const root = trigger.getRootNode();
  const all = [...connectedElements];
  return (
    all.find((element) => id && element.id === id) ?? all.find((element) => element.getRootNode() === root) ?? all[0]
  );
}
