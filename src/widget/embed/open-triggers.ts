// Any link or button of the page can open the element: `data-polyai-callback-open` (its value may be the id of one element of
// several), or a link to `#polyai-callback`.

interface Openable extends Element {
  open(): void;
}

/** Listens to the whole page's clicks; called once, when the element is registered. */
export function listenForOpeners(): void {
  document.addEventListener('click', (event) => {
    const opener = event
      .composedPath()
      .find((node): node is Element => node instanceof Element && node.matches(openers));
    if (!opener) return;
    const id = opener.getAttribute('data-polyai-callback-open');
    const target = (id ? document.getElementById(id) : undefined) ?? document.querySelector('polyai-callback');
    if (!target || !('open' in target)) return;
    event.preventDefault();
    (target as Openable).open();
  });
}

const openers = '[data-polyai-callback-open], [href="#polyai-callback"]';
