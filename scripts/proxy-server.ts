// Builds the proxy: one folder that runs with Node alone (and libsql, which is native). The demo's pages come with it.

import { cp, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'vite';
import { demoApplication, proxyServer } from '../vite.config.js';
import { dist, root } from './paths.js';

/** Builds dist/proxy/main.js; what it imports dynamically becomes files beside it. */
export async function buildProxy(): Promise<void> {
  await rm(`${dist}proxy`, { recursive: true, force: true });
  await build(proxyServer);
}

/** Copies the demo's pages and pictures to dist/demo, and bundles the one application among them. Its programs are TypeScript and belong to the proxy's build. */
export async function copyDemo(): Promise<void> {
  await rm(`${dist}demo`, { recursive: true, force: true });
  await cp(`${root}demo`, `${dist}demo`, {
    recursive: true,
    filter: (path) => !/\.ts$/.test(path) && basename(path) !== 'tsconfig.json',
  });
  await build(demoApplication);
}
