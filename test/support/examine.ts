// What is examined of the gallery's page in each of its looks, inside the page: what axe finds, and what axe does not look for.
// It is handed to the page as text, so it uses nothing from outside its functions.

/** What axe finds, each with the phase it is found in. */
export async function axeFindings(): Promise<string[]> {
  interface Node {
    readonly html: string;
    readonly failureSummary?: string;
    readonly element?: Element;
  }
  interface Axe {
    run(context: string, options: object): Promise<{ violations: { id: string; nodes: Node[] }[] }>;
  }
  const { run } = (globalThis as unknown as { axe: Axe }).axe;
  const { violations } = await run('main', { resultTypes: ['violations'], elementRef: true });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ element, html, failureSummary }) => {
      const host = (element?.getRootNode() as ShadowRoot | undefined)?.host ?? element;
      const phase = host?.closest<HTMLElement>('[data-phase]')?.dataset['phase'] ?? '';
      return `${phase}: ${id}: ${html} ${failureSummary ?? ''}`;
    }),
  );
}

/** What does not fit: a page or card that is too wide, text that is cut off, targets below 44 px, and focus out of order. */
export function misfits(): string[] {
  const found: string[] = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push(`the page is ${String(page.scrollWidth)} px wide`);
  for (const figure of document.querySelectorAll<HTMLElement>('[data-phase]')) {
    const phase = figure.dataset['phase'] ?? '';
    const root = figure.querySelector('polyai-callback')?.shadowRoot;
    const panel = root?.querySelector<HTMLElement>('.panel');
    if (!root || !panel) continue;
    const card = panel.getBoundingClientRect();
    const name = (element: Element): string =>
      `${phase}: ${element.localName}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;
    for (const element of panel.querySelectorAll<HTMLElement>('*')) {
      const box = element.getBoundingClientRect();
      // What is typed scrolls in its field, as everywhere.
      if (box.width === 0 || element.closest('svg, .sr, option, input')) continue;
      if (box.left < card.left - 0.5 || box.right > card.right + 0.5)
        found.push(`${name(element)} stands out of the card`);
      const { fontSize, overflowX, overflowY } = getComputedStyle(element);
      const isCut =
        (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
      if (isCut) found.push(`${name(element)} is cut off`);
      const isText = [...element.childNodes].some(
        (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
      );
      // Tall letters may stand over the line's box; a line more may not.
      if (
        isText &&
        element.clientHeight > 0 &&
        element.scrollHeight > element.clientHeight + 0.75 * Number.parseFloat(fontSize)
      )
        found.push(`${name(element)} is taller than its box`);
    }
    const targets = [...panel.querySelectorAll<HTMLElement>('button, a, input, select')].filter(
      (element) => element.getClientRects().length > 0,
    );
    for (const target of targets) {
      // A box is pressed by its label too.
      const isBox = target instanceof HTMLInputElement && /checkbox|radio/.test(target.type);
      const area = ((isBox && target.labels?.[0]) || target).getBoundingClientRect();
      if (area.height < 43.5 || area.width < 43.5)
        found.push(`${name(target)} is ${String(area.width)} × ${String(area.height)} px`);
    }
    // Read in the order in which it is seen: what comes later stands lower, or further along the line.
    const isRtl = getComputedStyle(panel).direction === 'rtl';
    for (const [index, target] of targets.entries()) {
      const next = targets[index + 1];
      // A list of times scrolls in itself.
      if (!next || target.getAttribute('type') === 'radio') continue;
      const a = target.getBoundingClientRect();
      const b = next.getBoundingClientRect();
      const isOnOneLine = a.top < b.bottom && b.top < a.bottom;
      const isBehind = isOnOneLine && (isRtl ? b.left > a.left : b.left < a.left);
      if (b.bottom <= a.top || isBehind) found.push(`${name(next)} comes before what is read before it`);
    }
    if (targets.some(({ tabIndex }) => tabIndex > 0)) found.push(`${phase}: a positive tabindex`);
    const heading = panel.querySelector('h2');
    if (targets[0] && heading && heading.compareDocumentPosition(targets[0]) !== Node.DOCUMENT_POSITION_FOLLOWING)
      found.push(`${phase}: a control before the heading`);
    const regions = root.querySelectorAll('[role=status]');
    if (regions.length !== 1) found.push(`${phase}: ${String(regions.length)} live regions`);
    // One that comes with its first words is missed by screen readers.
    if (regions[0] && getComputedStyle(regions[0]).display === 'none')
      found.push(`${phase}: the live region is not there yet`);
    for (const field of panel.querySelectorAll('[required]:not([aria-invalid])'))
      found.push(`${name(field)}: a browser may take it for a mistake`);
    const alerts = [...root.querySelectorAll('[role=alert]')].filter(
      (alert) => alert.getClientRects().length > 0 && alert.textContent.trim() !== '',
    );
    if (alerts.length !== (phase === 'form-error' || phase === 'form-read-back' ? 1 : 0))
      found.push(`${phase}: ${String(alerts.length)} alerts`);
  }
  return found;
}
