// Builds the proxy: one folder that runs with Node alone (and libsql, which is native). The demo's pages come with it.

import { cp, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'vite';
import { dist, root } from './paths.js';
import { proxyTarget } from './targets.js';

/** Native or optional packages, found at run time in node_modules. */
const leftOut = ['libsql', 'pg'];

/** Builds dist/proxy/main.js; what it imports dynamically becomes files beside it. */
export async function buildProxy(): Promise<void> {
  await rm(`${dist}proxy`, { recursive: true, force: true });
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: leftOut, target: 'node' },
    build: {
      ssr: `${root}src/proxy/main.ts`,
      outDir: `${dist}proxy`,
      emptyOutDir: true,
      target: proxyTarget,
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
    },
  });
}

/** Copies the demo's pages and pictures to dist/demo. Its programs are TypeScript and belong to the proxy's build. */
export async function copyDemo(): Promise<void> {
  await rm(`${dist}demo`, { recursive: true, force: true });
  await cp(`${root}demo`, `${dist}demo`, {
    recursive: true,
    filter: (path) => !/\.ts$/.test(path) && basename(path) !== 'tsconfig.json',
  });
}
