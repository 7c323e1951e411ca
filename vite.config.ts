// What Vite builds, as data: the widget's script and its chunks, the package for npm, and the proxy. The programs in scripts
// run these, in order, and do what Vite does not (hashed files, compression, declarations, the manifest).

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin, Rolldown, UserConfigFnObject } from 'vite';
import { minifyTemplates } from './scripts/vite/minify-templates.js';
import { stripLitMessages } from './scripts/vite/strip-lit-messages.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** What every browser of the last three years runs; lit 3 asks for no less. */
const widgetTarget = 'es2022';
/** The oldest Node of package.json's `engines`. */
const proxyTarget = 'node20';
/** Native packages, found at run time in node_modules. */
const nativePackages = ['libsql'];

const { dependencies, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  dependencies: object;
  version: string;
};
const importersOwn = Object.keys(dependencies);

/** Goes into each request's record of consent (internal/version.ts). */
const widgetVersion = { __POLYAI_CALLBACK_VERSION__: JSON.stringify(version) };

const common: InlineConfig = { configFile: false, root, logLevel: 'warn', publicDir: false };

/** Stands before everything else of the script: where one of any version runs already, that one takes what this tag says. It must not go as far as Lit, whose Trusted Types policy a page may allow only once. */
const onlyOnce = `const tag = document.currentScript; if (window.polyaiCallback?.request) return tag && window.polyaiCallback.push(tag);`;

/** Not Vite's library mode: that never takes the white space out of an ES module. */
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
 * A chunk: one minified ES module with all it imports but Lit, which it gets from the script; kept in memory.
 *
 * Each is built apart, not by Rolldown's code splitting: a classic script cannot import what it shares with its chunks, so
 * that a small loader would come first, and the form a round trip later.
 */
export const widgetChunk = (module: string): InlineConfig => ({
  ...served(module, 'oxc', { format: 'es' }, []),
  define: { ...widgetVersion, __POLYAI_CALLBACK_IS_SERVED__: 'true' },
  resolve: { alias: [{ find: /^lit$/, replacement: `${root}src/widget/embed/shared-lit.ts` }] },
});

/** The script: one minified classic script, kept in memory. Terser takes five times as long as Rolldown's own minifier and makes it a quarter of a kilobyte lighter for every page. `hash`: that of the chunks' files. */
export const widgetScript = (hash: string, plugins: readonly Plugin[]): InlineConfig => ({
  ...served('src/widget/embed.ts', 'terser', { format: 'iife', intro: onlyOnce }, plugins),
  define: { ...widgetVersion, __POLYAI_CALLBACK_CHUNKS__: JSON.stringify(hash) },
});

/** Unminified ES modules with the package's dependencies left to the importer, in dist/esm. Library mode, because an importer's bundler minifies and preloads by itself. */
export const npmPackage: InlineConfig = {
  ...common,
  define: widgetVersion,
  plugins: [minifyTemplates()],
  build: {
    lib: { entry: [`${root}src/widget/polyai-callback.ts`, `${root}src/widget/define.ts`], formats: ['es'] },
    outDir: `${root}dist/esm`,
    emptyOutDir: true,
    target: widgetTarget,
    minify: false,
    rolldownOptions: {
      external: (id) => importersOwn.some((name) => id === name || id.startsWith(`${name}/`)),
      output: {
        preserveModules: true,
        preserveModulesRoot: `${root}src`,
        // What the compiler adds (the decorators' helper) would be named after a folder of its version.
        entryFileNames: ({ name }) => (name.startsWith('_virtual/') ? `helpers/${basename(name)}.js` : '[name].js'),
      },
    },
  },
};

/** The demo's page of an application with a build of its own; the package's entry is that of the sources. */
export const demoApplication: InlineConfig = {
  ...common,
  base: '/install/',
  define: widgetVersion,
  plugins: [minifyTemplates()],
  resolve: { alias: { 'polyai-callback/define': `${root}src/widget/define.ts` } },
  build: {
    outDir: `${root}dist/demo/install`,
    emptyOutDir: false,
    target: widgetTarget,
    modulePreload: false,
    rolldownOptions: {
      input: { npm: `${root}demo/install/npm.js` },
      output: { entryFileNames: '[name].js', chunkFileNames: 'npm-[name].js' },
    },
  },
};

/** One folder, dist/proxy, that runs with Node alone (and libsql, which is native). */
export const proxyServer: InlineConfig = {
  ...common,
  ssr: { noExternal: true, external: nativePackages, target: 'node' },
  build: {
    ssr: `${root}src/proxy/main.ts`,
    outDir: `${root}dist/proxy`,
    emptyOutDir: true,
    target: proxyTarget,
    minify: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'server.mjs', chunkFileNames: '[name].mjs' } },
  },
};

/** `vite build` makes the package's modules, `vite build --mode proxy` the proxy; `npm run build` makes everything. */
const chosenByMode: UserConfigFnObject = ({ mode }) => (mode === 'proxy' ? proxyServer : npmPackage);
export default chosenByMode;
