// Builds what `import 'polyai-callback'` loads: ES modules with types; the importing application provides the dependencies.

import { rm } from 'node:fs/promises';
import { build } from 'vite';
import { npmPackage } from '../vite.config.js';
import { copyDeclarations } from './packages/declarations.js';
import { takeLicenses } from './packages/licenses.js';
import { dist } from './paths.js';

/** Builds dist/esm (modules and declarations). */
export async function buildWidgetPackage(): Promise<void> {
  await rm(`${dist}esm`, { recursive: true, force: true });
  await build(npmPackage);
  const bundled = await takeLicenses(`${dist}esm`);
  if (bundled.length > 0) throw new Error(`the package contains ${bundled.map(({ name }) => name).join(', ')}`);
  await copyDeclarations('src/widget', ['widget/polyai-callback', 'widget/define', 'widget/types'], `${dist}esm/`);
}
