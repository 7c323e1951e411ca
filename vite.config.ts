// What Vite builds, as data: the widget's script and its chunks, the npm package, and the proxy. The programs in scripts/
// run these builds in order and do what Vite does not (hashed files, compression, declarations, the manifest).

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin, Rolldown, UserConfigFnObject } from 'vite';
import { chunkImports } from './scripts/vite/chunk-imports.js';
import { minifyTemplates } from './scripts/vite/minify-templates.js';
import { optionalPolicy } from './scripts/vite/optional-policy.js';
import { stripLitMessages } from './scripts/vite/strip-lit-messages.js';
import { stripWhiteSpace } from './scripts/vite/strip-white-space.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** What every browser of the last three years supports, which is also the minimum for lit 3. */
const widgetTarget = 'es2022';
/** The oldest Node of package.json's `engines`. */
const proxyTarget = 'node20';
/** Packages that only some installations have, resolved at run time from node_modules. */
const optionalPackages = ['libsql', 'pg'];

const { dependencies, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  dependencies: object;
  version: string;
};
const importersOwn = Object.keys(dependencies);

/** Included in every consent record (internal/version.ts). */
const widgetVersion = { __POLYAI_CALLBACK_VERSION__: JSON.stringify(version) };

/** Where every build lists the licenses of what it bundled; scripts/packages/licenses.ts takes it from there. */
export const licensesFile = 'licenses.json';
const license = { fileName: licensesFile };

const common: InlineConfig = { configFile: false, root, logLevel: 'warn', publicDir: false };

/** Runs before everything else in the script: if a script of any version is already running, it receives this tag's settings. This one must not reach Lit, whose Trusted Types policy a page may allow only once. */
const onlyOnce = `const tag = document.currentScript; if (window.polyaiCallback?.request) return tag && window.polyaiCallback.push(tag);`;

/** What chunks take from the script. */
const sharedScript = 'src/widget/embed/shared-script.ts';

/**
 * What is served by the proxy. Not Vite's library mode, which never removes white space from an ES module. Terser takes five times as
 * long as Rolldown's own minifier, but saves the script a quarter of a kilobyte and the interaction chunk 290 bytes; of the
 * languages' tables, which are text, it saves nothing.
 */
const served = (
  module: string,
  minify: 'oxc' | 'terser',
  output: Rolldown.OutputOptions,
  plugins: readonly Plugin[],
): InlineConfig => ({
  ...common,
  plugins: [minifyTemplates(), stripLitMessages(), ...plugins],
  build: {
    write: false,
    license,
    target: widgetTarget,
    modulePreload: false,
    minify,
    terserOptions: { ecma: 2020, mangle: { toplevel: true }, format: { comments: false } },
    rolldownOptions: {
      input: root + module,
      preserveEntrySignatures: output.format === 'es' ? 'strict' : false,
      output: { ...output, codeSplitting: false, comments: false },
    },
  },
});

/**
 * A chunk: one minified ES module with everything it imports except Lit, which it gets from the script; kept in memory.
 *
 * Each is built separately, without Rolldown's code splitting: a classic script cannot import what it shares with its chunks, so
 * a small loader would have to come first, and the form would appear one round trip later.
 */
export const widgetChunk = (module: string): InlineConfig => ({
  ...served(module, module.includes('/locales/') ? 'oxc' : 'terser', { format: 'es' }, [chunkImports(sharedScript)]),
  define: { ...widgetVersion, __POLYAI_CALLBACK_IS_SERVED__: 'true' },
  resolve: { alias: [{ find: /^lit$/, replacement: root + sharedScript }] },
});

/** The script: one minified classic script, kept in memory. `hash`: the hash of the chunk files. */
export const widgetScript = (hash: string): InlineConfig => ({
  ...served('src/widget/embed.ts', 'terser', { format: 'iife', intro: onlyOnce }, [
    chunkImports('src/widget/embed/load-chunk.ts'),
    optionalPolicy(),
  ]),
  define: { ...widgetVersion, __POLYAI_CALLBACK_CHUNKS__: JSON.stringify(hash) },
  resolve: { alias: [{ find: /^\.\/css-tag\.js$/, replacement: `${root}src/widget/embed/css-tag.ts` }] },
});

/** ES modules with the package's dependencies left to the importer, in dist/esm. In library mode, because the importer's bundler does its own minifying and preloading; only white space and comments are removed. */
export const npmPackage: InlineConfig = {
  ...common,
  define: widgetVersion,
  plugins: [minifyTemplates(), stripWhiteSpace()],
  build: {
    lib: {
      entry: ['polyai-callback', 'define', 'server/element', 'server/define', 'server/inert'].map(
        (name) => `${root}src/widget/${name}.ts`,
      ),
      formats: ['es'],
    },
    license,
    outDir: `${root}dist/esm`,
    emptyOutDir: true,
    target: widgetTarget,
    minify: false,
    rolldownOptions: {
      external: (id) => importersOwn.some((name) => id === name || id.startsWith(`${name}/`)),
      output: {
        preserveModules: true,
        preserveModulesRoot: `${root}src`,
        // The compiler's helper modules (for decorators) would otherwise be named after a folder of its version.
        entryFileNames: ({ name }) => (name.startsWith('_virtual/') ? `helpers/${basename(name)}.js` : '[name].js'),
      },
    },
  },
};

/** The demo page of an application with its own build; it imports the package's entry from the sources. */
export const demoApplication: InlineConfig = {
  ...common,
  base: '/install/',
  define: widgetVersion,
  plugins: [minifyTemplates()],
  resolve: { alias: { 'polyai-callback/define': `${root}src/widget/define.ts` } },
  build: {
    license,
    outDir: `${root}dist/demo/install`,
    emptyOutDir: false,
    target: widgetTarget,
    modulePreload: false,
    rolldownOptions: {
      input: { npm: `${root}demo/install/npm.js` },
      // Added after minification, which would drop it.
      output: { entryFileNames: '[name].js', chunkFileNames: 'npm-[name].js', postBanner: '/*! See /licenses.txt */' },
    },
  },
};

/** The script of the owner's page, for the admin listener; kept in memory. */
export const ownerPage: InlineConfig = served('src/proxy/owner/page/owner-page.ts', 'oxc', { format: 'es' }, []);

/** One folder, dist/proxy, that runs with Node alone (before 22.13, and libsql). */
export const proxyServer: InlineConfig = {
  ...common,
  define: { __POLYAI_CALLBACK_VERSION__: JSON.stringify(version) },
  ssr: { noExternal: true, external: optionalPackages, target: 'node' },
  build: {
    ssr: `${root}src/proxy/main.ts`,
    license,
    outDir: `${root}dist/proxy`,
    emptyOutDir: true,
    target: proxyTarget,
    minify: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'server.mjs', chunkFileNames: '[name].mjs' } },
  },
};

/** `vite build` builds the package's modules, `vite build --mode proxy` the proxy; `npm run build` builds everything. */
const chosenByMode: UserConfigFnObject = ({ mode }) => (mode === 'proxy' ? proxyServer : npmPackage);
export default chosenByMode;
