// The built files of the owner's page, read once when the admin listener opens. Built by scripts/owner-page.ts.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The files as text. */
export interface OwnerFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

/** Reads them; undefined when they are not built. `main`: URL of the running main module. */
export function readOwnerFiles(main: string): OwnerFiles | undefined {
  const folder = fileURLToPath(new URL(main.includes('/dist/proxy/') ? '../owner/' : '../../../dist/owner/', main));
  if (!existsSync(`${folder}owner.js`)) return undefined;
  const read = (name: string): string => readFileSync(folder + name, 'utf8');
  return { html: read('index.html'), script: read('owner.js'), style: read('owner.css') };
}
