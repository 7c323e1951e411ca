// `npm run accessibility`: examines what Chromium exposes to assistive technology in every phase (its accessibility tree), fills in
// the checklist of test/widget/accessibility.md from it, and adds the tree of each phase. Fails when a check fails.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startGallery } from './server.js';
import { deadlineMs, openBrowser } from '../browser/page.js';

interface Value {
  readonly value?: unknown;
}
interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: Value;
  readonly name?: Value;
  readonly description?: Value;
  readonly value?: Value;
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
  readonly childIds?: readonly string[];
}
/** A node as it is checked and written. */
interface Told {
  readonly role: string;
  readonly name: string;
  readonly description: string;
  readonly value: string;
  readonly depth: number;
  readonly states: Readonly<Record<string, unknown>>;
}
interface Phase {
  readonly name: string;
  readonly nodes: readonly Told[];
}
/** A checklist item: the phases it applies to, and its check. */
interface Check {
  readonly rule: string;
  readonly asks: string;
  readonly of?: (phase: Phase) => boolean;
  readonly holds: (nodes: readonly Told[]) => boolean;
}

const controls = ['button', 'link', 'textbox', 'combobox', 'checkbox', 'radio'];
const isControl = ({ role }: Told): boolean => controls.includes(role);
const withRole = (nodes: readonly Told[], role: string): readonly Told[] => nodes.filter((node) => node.role === role);
const has =
  (role: string) =>
  ({ nodes }: Phase): boolean =>
    withRole(nodes, role).length > 0;
const isError = ({ name }: Phase): boolean => name === 'form-error' || name === 'form-read-back';

const checks: readonly Check[] = [
  {
    rule: '1.1.1',
    asks: 'No image is announced without a name; the round icon is hidden',
    holds: (nodes) => nodes.every(({ role, name }) => !/image|img|graphics/i.test(role) || name !== ''),
  },
  {
    rule: '1.3.1',
    asks: 'A level 2 heading says what is happening, and precedes every control',
    holds: (nodes) => {
      const heading = nodes.findIndex(
        ({ role, name, states }) => role === 'heading' && name !== '' && states['level'] === 2,
      );
      const control = nodes.findIndex(isControl);
      return heading >= 0 && (control < 0 || heading < control);
    },
  },
  {
    rule: '1.3.1, 1.4.1',
    asks: 'Progress is a named list of four steps, each with its state in words',
    of: has('list'),
    holds: (nodes) => {
      const items = withRole(nodes, 'listitem');
      const texts = nodes.filter(({ role }) => role === 'StaticText').map(({ name }) => name);
      const states = texts.filter((text) => /^(?:done|now|next|not reached|call ended|unknown)$/.test(text.trim()));
      return withRole(nodes, 'list')[0]?.name !== '' && items.length === 4 && states.length === 4;
    },
  },
  {
    rule: '2.5.3, 4.1.2',
    asks: 'Every control has a role and a name',
    holds: (nodes) => nodes.filter(isControl).every(({ name }) => name !== ''),
  },
  {
    rule: '2.1.1',
    asks: 'Every control can be focused',
    holds: (nodes) =>
      nodes.filter(isControl).every(({ states }) => states['focusable'] === true || states['disabled'] === true),
  },
  {
    rule: '3.3.2',
    asks: 'The form has a visible label for country, number and consent',
    of: has('textbox'),
    holds: (nodes) =>
      withRole(nodes, 'combobox').some(({ name }) => name === 'Country') &&
      withRole(nodes, 'textbox').some(({ name }) => name === 'Phone number') &&
      withRole(nodes, 'checkbox').some(({ name }) => name.startsWith('I agree')),
  },
  {
    rule: '3.3.1, 3.3.3',
    asks: 'An invalid field is marked, and its description says what is wrong and how to fix it',
    of: isError,
    holds: (nodes) => nodes.some(({ states, description }) => states['invalid'] === 'true' && description !== ''),
  },
  {
    rule: '3.3.1',
    asks: 'An error is announced immediately, and once',
    of: isError,
    holds: (nodes) =>
      nodes.filter(({ role }) => role === 'alert').filter(({ states }) => states['live'] === 'assertive').length === 1,
  },
  {
    rule: '4.1.3',
    asks: 'There is one polite live region, and it stays through every phase',
    holds: (nodes) => withRole(nodes, 'status').filter(({ states }) => states['live'] === 'polite').length === 1,
  },
  {
    rule: '4.1.3',
    asks: 'After the form, each phase’s title is read out (announced by the live region, or focused), and its detail announced in full sentences',
    of: (phase) => !has('textbox')(phase) && phase.name !== 'fallback',
    holds: (nodes) => {
      const at = nodes.findIndex(({ role }) => role === 'status');
      const said = nodes
        .slice(at + 1)
        .map(({ name }) => name)
        .join(' ');
      const title = withRole(nodes, 'heading')[0];
      // A phase that answers the visitor's own press moves the focus to its title, which is then not announced a second time.
      const isRead = said.startsWith(title?.name ?? '?') || title?.states['focusable'] === true;
      return isRead && /[.…?]$/.test(said.trim());
    },
  },
  {
    rule: '2.2.2',
    asks: 'The running time on the call is a timer, which is not read out each second',
    of: ({ name }) => name === 'talking',
    holds: (nodes) =>
      withRole(nodes, 'timer').some(({ name, states }) => name !== '' && (states['live'] ?? 'off') === 'off'),
  },
  {
    rule: '3.3.1',
    asks: 'Nothing is marked as an error before there is one',
    of: (phase) => !isError(phase),
    holds: (nodes) => nodes.every(({ states }) => (states['invalid'] ?? 'false') === 'false'),
  },
  {
    rule: 'consent',
    asks: 'The box is never checked in advance',
    of: ({ name }) => name === 'form',
    holds: (nodes) => withRole(nodes, 'checkbox').every(({ states }) => states['checked'] === 'false'),
  },
];

const gallery = await startGallery();
const pages = await openBrowser();
try {
  const page = await pages.page({ reducedMotion: 'reduce' });
  await page.goto(gallery.url({ narrow: true }));
  await page.waitForSelector('[data-ready]', { timeout: 3 * deadlineMs, state: 'attached' });
  const session = await page.context().newCDPSession(page);
  await session.send('Accessibility.enable');
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: AxNode[] };
  const phases = phasesIn(nodes);
  const results = checks.map((check) => ({ check, ...answer(check, phases) }));
  const text = report(results, phases, pages.browser.version());
  writeFileSync(fileURLToPath(new URL('../../test/widget/accessibility.md', import.meta.url)), text);
  for (const { check, failing, asked } of results)
    if (failing.length > 0 || asked === 0) {
      console.error(`${check.asks}: ${failing.join(', ') || 'asked of no phase'}`);
      process.exitCode = 1;
    }
  console.log(`${String(phases.length)} phases, ${String(checks.length)} checks: test/widget/accessibility.md`);
} finally {
  await pages.close();
  gallery.close();
}

function phasesIn(nodes: readonly AxNode[]): Phase[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const children = ({ childIds = [] }: AxNode): AxNode[] => childIds.flatMap((id) => byId.get(id) ?? []);
  const told = (node: AxNode, depth: number): Told[] => {
    const role = text(node.role);
    // Lines of text, countries, and the label of the figure.
    if (role === 'InlineTextBox' || role === 'Figcaption' || role === 'option' || role === 'MenuListPopup') return [];
    const isShown = !node.ignored && role !== 'generic' && role !== 'none';
    const below = children(node).flatMap((child) => told(child, isShown ? depth + 1 : depth));
    if (!isShown) return below;
    const states = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
    const { name, description, value } = node;
    if (below.length === 1 && below[0]?.role === 'StaticText' && below[0].name === text(name)) below.pop();
    return [{ role, name: text(name), description: text(description), value: text(value), depth, states }, ...below];
  };
  return nodes
    .filter(({ role, ignored }) => !ignored && role?.value === 'figure')
    .map((figure) => ({
      name: text(figure.name),
      nodes: children(figure).flatMap((child) => told(child, 0)),
    }));
}

function text(value: Value | undefined): string {
  const inner = value?.value;
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner).replace(/\s+/g, ' ').trim() : '';
}

function answer({ of = () => true, holds }: Check, phases: readonly Phase[]): { asked: number; failing: string[] } {
  const asked = phases.filter(of);
  return { asked: asked.length, failing: asked.filter(({ nodes }) => !holds(nodes)).map(({ name }) => name) };
}

function report(
  results: readonly { check: Check; asked: number; failing: readonly string[] }[],
  phases: readonly Phase[],
  version: string,
): string {
  const rows = results.map(({ check, asked, failing }) => {
    const verdict = failing.length === 0 ? `yes, in ${String(asked)}` : `**no** in ${failing.join(', ')}`;
    return `| ${check.rule} | ${check.asks} | ${verdict} |`;
  });
  const trees = phases.map(
    ({ name, nodes }) => `### ${name}\n\n\`\`\`text\n${nodes.map(line).filter(Boolean).join('\n')}\n\`\`\``,
  );
  return `# Accessibility: checklist and results

Written by \`npm run accessibility\` on ${new Date().toISOString().slice(0, 10)} from Chromium ${version}’s accessibility tree: what the browser exposes to assistive technology in each of ${String(phases.length)} phases.
The numbers are WCAG 2.2 success criteria. No screen reader was listened to.

| criterion | check | passes |
| --- | --- | --- |
${rows.join('\n')}

What the tree doesn’t show is tested elsewhere:

| criterion | check | test |
| --- | --- | --- |
| 1.4.3, 1.4.11 | Contrast in light, dark and forced colors, in both directions, in every phase | \`test/e2e/accessibility.test.ts\` (axe) |
| 1.4.4, 1.4.10, 1.4.12 | 320 px in every language, and text at 200%: nothing is cut off or scrolls sideways | \`test/e2e/accessibility.test.ts\` |
| 2.5.8 | Targets of at least 44 px | \`test/e2e/accessibility.test.ts\` |
| 2.1.1, 2.1.2, 2.4.3, 2.4.7 | A whole call with the keyboard alone; Escape returns the focus | \`test/e2e/keyboard.test.ts\` |
| 2.4.11 | The launcher moves out of the way of the focused element | \`test/widget/variants.test.ts\` |
| 3.2.1, 3.2.2 | The focus moves only when the visitor acts | \`test/widget/call/following.test.ts\` |

## What is exposed, phase by phase

${trees.join('\n\n')}
`;
}

function line({ role, name, description, value, depth, states }: Told): string {
  // Text inside a named element repeats its name.
  if (role === 'StaticText' && name === '') return '';
  const facts = ['level', 'live', 'invalid', 'checked', 'required', 'expanded', 'disabled']
    .filter(
      (key) => ![undefined, false, 'false', 'off'].includes(states[key] as string | undefined) || key === 'checked',
    )
    .filter((key) => states[key] !== undefined)
    .map((key) => `${key} ${String(states[key])}`);
  const parts = [
    role === 'StaticText' ? 'text' : role,
    name && `“${name}”`,
    value && `value “${value}”`,
    description && `described “${description}”`,
    facts.length > 0 && `(${facts.join(', ')})`,
  ];
  return `${'  '.repeat(depth)}${parts.filter(Boolean).join(' ')}`;
}
