// `npm run build [step…]`: runs all steps, or those named. Each step has its own file.

import { rm } from 'node:fs/promises';
import { dist } from './paths.js';
import { buildProxy, copyDemo } from './proxy-server.js';
import { buildOwnerPage } from './owner-page.js';
import { writeEditorData } from './packages/editor-data.js';
import { buildManifest, readElement } from './packages/element-manifest.js';
import { writeFrameworkTypes } from './packages/framework-types.js';
import { writeNotices } from './packages/licenses.js';
import { buildPackages } from './packages/packages.js';
import { buildWidgetPackage } from './widget-package.js';
import { buildWidgetScript } from './widget-script.js';

// React, Vite and lit all read it; a build that inherits "test" or "development" would ship lit's warnings.
process.env['NODE_ENV'] = 'production';

const steps: Readonly<Record<string, () => Promise<void>>> = {
  script: buildWidgetScript,
  demo: copyDemo,
  owner: buildOwnerPage,
  proxy: buildProxy,
  package: buildWidgetPackage,
  manifest: buildManifest,
  types: async () => {
    const element = await readElement();
    await writeEditorData(element);
    await writeFrameworkTypes(element);
  },
  licenses: writeNotices,
  packages: buildPackages,
};

const named = process.argv.slice(2);
if (named.length === 0) await rm(dist, { recursive: true, force: true });
for (const name of named.length > 0 ? named : Object.keys(steps)) {
  const step = steps[name];
  if (step === undefined) throw new Error(`no build step "${name}"; there are ${Object.keys(steps).join(', ')}`);
  const start = performance.now();
  await step();
  console.log(`built ${name} in ${String(Math.round(performance.now() - start))} ms`);
}
