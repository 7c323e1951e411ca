// Builds the owner's page in dist/owner: one script with everything it imports, the style sheet and the HTML. The admin listener
// serves them.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { ownerPage } from '../vite.config.js';
import { keepLicenses, type License } from './packages/licenses.js';
import { dist, root } from './paths.js';
import { bundle } from './widget-script.js';

/** Builds the three files. */
export async function buildOwnerPage(): Promise<void> {
  const folder = `${dist}owner/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const licenses: License[] = [];
  await writeFile(`${folder}owner.js`, await bundle(ownerPage, licenses));
  await cp(`${root}src/proxy/owner/page/index.html`, `${folder}index.html`);
  const styles = ['node_modules/uplot/dist/uPlot.min.css', 'src/proxy/owner/page/owner.css'];
  const texts = await Promise.all(styles.map((path) => readFile(root + path, 'utf8')));
  await writeFile(`${folder}owner.css`, texts.join('\n'));
  await keepLicenses('owner', licenses);
}
