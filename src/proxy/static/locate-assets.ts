// Finds the folders of built files, next to the built proxy or in a checkout, and decides which pages are served: the example
// page only where it may place calls, the configurator and the installation pages unless they are turned off.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Assets, demoAssets, textAsset, widgetAssets } from './assets.js';
import type { ProxyConfig } from '../config/config.js';
import type { Log } from '../core/log.js';

/** The proxy's own origins, as a browser may address it. `host`: where it listens, if that is one name or address. */
export function ownOrigins(port: number, host: string): readonly string[] {
  const isAny = host === '0.0.0.0' || host === '::';
  const hosts = ['localhost', '127.0.0.1', '[::1]', ...(isAny ? [] : [host.includes(':') ? `[${host}]` : host])];
  return [...new Set(hosts.map((name) => new URL(`http://${name}:${String(port)}`).origin))];
}

const style = '/demo.css';

/** The files of the configurator and the installation pages. */
const isTool = (path: string): boolean => /^\/(?:configurator[./]|install\/)/.test(path);

/**
 * Reads the files to serve. If the widget is not built, that is logged and it is left out. `main` is the URL of the running main
 * module. `port`: the proxy's own; without one it is mounted in another server, and no pages are served.
 */
export function readServedFiles(main: string, config: ProxyConfig, port: number | undefined, log: Log): Assets {
  const isBuilt = main.endsWith('/dist/proxy/server.mjs');
  const folder = (built: string, checkout: string): string =>
    fileURLToPath(new URL(isBuilt ? `../${built}` : `../../${checkout}`, main));
  const widget = folder('widget', 'dist/widget');
  const demo = folder('demo', 'dist/demo');
  const files = new Map<string, Assets extends ReadonlyMap<string, infer File> ? File : never>();
  // With a credential the example page can ring phones: only where the operator has allowed this origin.
  const isOwn = (origin: string): boolean => port !== undefined && ownOrigins(port, config.host).includes(origin);
  const hasDemo = config.sandbox || config.origins.some(isOwn);
  if (port !== undefined && existsSync(demo))
    // Both use the example page's style sheet.
    for (const [path, file] of demoAssets(demo))
      if ((hasDemo && !isTool(path)) || (config.configurator && (isTool(path) || path === style)))
        files.set(path, file);
  if (existsSync(`${widget}/assets.json`)) for (const [path, file] of widgetAssets(widget)) files.set(path, file);
  else log.warn('widget-not-built', { advice: 'npm run build' });
  const licenses = folder('licenses.txt', 'dist/licenses.txt');
  // The first line of every script refers to it.
  if (existsSync(licenses)) files.set('/licenses.txt', textAsset(licenses));
  return files;
}
