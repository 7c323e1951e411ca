// Builds the proxy: one folder that runs with Node alone (before 22.13, with libsql as well). The demo's pages are copied with it.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'vite';
import { demoApplication, proxyServer } from '../vite.config.js';
import { nodeGuard } from './node-guard.js';
import { keepLicenses, takeLicenses } from './packages/licenses.js';
import { dist, root } from './paths.js';

/** Builds dist/proxy/server.mjs, and main.js, which loads it where Node is new enough. Dynamic imports become files next to it. */
export async function buildProxy(): Promise<void> {
  await rm(`${dist}proxy`, { recursive: true, force: true });
  await build(proxyServer);
  await keepLicenses('proxy', await takeLicenses(`${dist}proxy`));
  const { engines } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { engines: { node: string } };
  await writeFile(`${dist}proxy/main.js`, nodeGuard(engines.node, './server.mjs'));
}

/** Copies the demo's pages and pictures to dist/demo, and bundles the one that is an application. */
export async function copyDemo(): Promise<void> {
  await rm(`${dist}demo`, { recursive: true, force: true });
  await cp(`${root}demo`, `${dist}demo`, {
    recursive: true,
    filter: (path) => !/\.ts$/.test(path) && basename(path) !== 'tsconfig.json',
  });
  await build(demoApplication);
  await keepLicenses('demo', await takeLicenses(`${dist}demo/install`));
}
