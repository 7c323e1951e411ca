// What axe finds wrong with a piece of the page.

import 'axe-core/axe.min.js';
import type axe from 'axe-core';

/** Violations as one line each: the rule, and the elements that break it. */
export async function violations(element: Element): Promise<string[]> {
  // It is a script for pages, not a module: it leaves itself on the window.
  const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
  const { violations: found } = await run(element, { resultTypes: ['violations'] });
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join()}`,
  );
}
