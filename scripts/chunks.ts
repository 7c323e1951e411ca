// The chunks of the widget: what a page loads only when a visitor needs it.
// widget-script.ts builds them; served-files.ts writes the files that are served.

import { readdirSync } from 'node:fs';

/** One chunk: a module of the widget, built separately from the script. */
export interface Chunk {
  /** The module's path from the repository's root. */
  readonly module: string;
  /** Its name in the script. */
  readonly name: string;
  /** The file it becomes in dist/widget. */
  readonly file: string;
  /** True where a page of the proxy loads it, and nothing else. */
  readonly isOfPage?: true;
}

/** The languages other than English, from the files of their tables. A test ensures that the sources load the same ones. */
const languagesIn = (room: string): readonly string[] =>
  readdirSync(new URL(`../src/widget/${room}/locales/`, import.meta.url))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((code) => !/^en\b/.test(code))
    .sort();

const chunk = (name: string, module: string): Chunk => ({ name, module, file: `polyai-callback-${name}.js` });

/**
 * To add a chunk, add a line. Widget code, chunks included, loads one with a plain `import('./chunks/x.js')`: the npm package keeps
 * it as it is, and the script's build turns it into a request for the hashed file. A chunk contains its own copy of everything it
 * imports except Lit, which it gets from the script, so it must not import the element.
 */
export const chunks: readonly Chunk[] = [
  ...['interaction', 'phone', 'overlay', 'proactive', 'mount', 'challenge', 'follow-up', 'queue'].map((name) =>
    chunk(name, `src/widget/chunks/${name}.ts`),
  ),
  { ...chunk('frame', 'src/widget/chunks/frame.ts'), isOfPage: true },
  { ...chunk('opt-out', 'src/widget/chunks/opt-out.ts'), isOfPage: true },
  ...languagesIn('i18n').map((code) => chunk(code, `src/widget/i18n/locales/${code}.ts`)),
  ...['follow-up', 'queue'].flatMap((room) =>
    languagesIn(room).map((code) => chunk(`${room}-${code}`, `src/widget/${room}/locales/${code}.ts`)),
  ),
];
