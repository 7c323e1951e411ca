// The chunks of the widget: what a page loads only when a visitor needs it.
// How they are built is widget-script.ts's, how they are served served-files.ts's.

import { readdirSync } from 'node:fs';

/** One chunk: a module of the widget, built apart from the script. */
export interface Chunk {
  /** The module, from the repository's root. */
  readonly module: string;
  /** How the script names it. */
  readonly name: string;
  /** The file it becomes in dist/widget. */
  readonly file: string;
}

/** The languages beside English, by their tables. src/widget/i18n/languages.ts has the same ones, as a test makes sure. */
const languages = readdirSync(new URL('../src/widget/i18n/locales/', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((code) => !/^en\b/.test(code))
  .sort();

const chunk = (name: string, module: string): Chunk => ({ name, module, file: `polyai-callback-${name}.js` });

/**
 * Adding a chunk is adding a line. Widget code loads one with a plain `import('./chunks/x.js')`: the package for npm keeps it
 * as it is, the script's build turns it into a request for the hashed file. A chunk carries its own copy of what it imports,
 * but for Lit, which it gets from the script; so it must not import the element.
 */
export const chunks: readonly Chunk[] = [
  ...['call', 'phone', 'phases', 'overlay', 'mount', 'challenge'].map((name) =>
    chunk(name, `src/widget/chunks/${name}.ts`),
  ),
  ...languages.map((code) => chunk(code, `src/widget/i18n/locales/${code}.ts`)),
];
