// The pieces of the widget that a page loads only when a visitor needs them.
// It does not say how they are built (widget-script.ts) or served (served-files.ts).

import { readdirSync } from 'node:fs';

/** One lazily loaded piece: a module of the widget, built apart from the script. */
export interface LazyEntry {
  /** The module, from the repository's root. */
  readonly module: string;
  /** The file it becomes in dist/widget; its hashed twin is named after it. */
  readonly file: string;
  /** Twins of one family share one hash, of all their contents: the script names many of them for the bytes of one. */
  readonly family?: string;
}

/** The languages beside English, by their tables. src/widget/i18n/languages.ts has the same ones, as a test makes sure. */
const languages = readdirSync(new URL('../src/widget/i18n/locales/', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((code) => !/^en\b/.test(code))
  .sort();

/**
 * Adding a piece is adding a line. Widget code loads one with a plain `import('./module.js')`: the package for npm keeps it
 * as it is, the script tag's build turns it into a request for the hashed twin beside the script. A piece carries its own
 * copy of what it imports, so it must not import lit or the element.
 * A piece with `worker` in its name that is started by URL is found in `__POLYAI_CALLBACK_FILES__` (see widget-script.ts).
 */
export const lazyEntries: readonly LazyEntry[] = [
  { module: 'src/widget/chunks/call.ts', file: 'polyai-callback-call.js' },
  { module: 'src/widget/chunks/phone.ts', file: 'polyai-callback-phone.js' },
  { module: 'src/widget/chunks/phases.ts', file: 'polyai-callback-phases.js' },
  { module: 'src/widget/chunks/overlay.ts', file: 'polyai-callback-shell.js' },
  { module: 'src/widget/chunks/mount.ts', file: 'polyai-callback-mount.js' },
  { module: 'src/widget/chunks/challenge.ts', file: 'polyai-callback-challenge.js' },
  ...languages.map((code) => ({
    module: `src/widget/i18n/locales/${code}.ts`,
    file: `polyai-callback-${code}.js`,
    family: 'languages',
  })),
];
