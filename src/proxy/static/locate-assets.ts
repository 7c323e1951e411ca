// Finds the folders of built files, next to the built proxy or in a checkout, and decides whether the demo is among them.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Assets, demoAssets, widgetAssets } from './assets.js';
import type { ProxyConfig } from '../config/config.js';
import type { Log } from '../core/log.js';

/** The proxy's own origins on a port: what a browser on this machine may call it. */
export const ownOrigins = (port: number): readonly string[] => [
  `http://localhost:${String(port)}`,
  `http://127.0.0.1:${String(port)}`,
];

/** Reads what is served. A widget that is not built is logged and left out. `main` is the URL of the running main module. */
export function readServedFiles(main: string, config: ProxyConfig, port: number, log: Log): Assets {
  const isBuilt = main.endsWith('/dist/proxy/server.mjs');
  const folder = (built: string, checkout: string): string =>
    fileURLToPath(new URL(isBuilt ? `../${built}` : `../../${checkout}`, main));
  const widget = folder('widget', 'dist/widget');
  const demo = folder('demo', 'dist/demo');
  const files = new Map<string, Assets extends ReadonlyMap<string, infer File> ? File : never>();
  // With a credential the demo can ring phones: only where the operator allowed this very origin.
  const hasDemo = config.sandbox || ownOrigins(port).some((origin) => config.origins.includes(origin));
  if (hasDemo && existsSync(demo)) for (const [path, file] of demoAssets(demo)) files.set(path, file);
  if (existsSync(`${widget}/assets.json`)) for (const [path, file] of widgetAssets(widget)) files.set(path, file);
  else log.warn('widget-not-built', { advice: 'npm run build' });
  return files;
}
