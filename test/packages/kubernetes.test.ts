// The Kubernetes manifests follow the API's own schemas: values by validation, names by the compiler, which knows no others.
// Mutations that turn it red: `replicas: '1'`; `readinesProbe`; an apiVersion that the kind does not have.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { createProject, type Project } from './install.js';

const folder = fileURLToPath(new URL('../../docs/operations/kubernetes/', import.meta.url));

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}
interface Model {
  validate(): void;
}

let project: Project;
before(async () => {
  project = await createProject('polyai-callback');
  project.link('kubernetes-models');
});
after(() => project.remove());

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
  test(`${file} follows the schemas of Kubernetes`, async () => {
    const manifests = parseAllDocuments(readFileSync(folder + file, 'utf8')).map((one) => one.toJS() as Manifest);
    assert.ok(manifests.length > 0, file);
    for (const manifest of manifests) {
      const models = (await import(`kubernetes-models/${manifest.apiVersion}`)) as Record<
        string,
        new (
          data: Manifest,
        ) => Model
      >;
      const Kind = models[manifest.kind];
      assert.ok(Kind, `${manifest.apiVersion} has no ${manifest.kind}`);
      assert.doesNotThrow(() => new Kind(manifest).validate(), manifest.kind);
    }
    const lines = manifests.map(
      (manifest, index) =>
        `export const manifest${String(index)}: import('kubernetes-models/${manifest.apiVersion}').I${manifest.kind} = ${JSON.stringify(manifest)};`,
    );
    project.write({ 'manifests.ts': lines.join('\n') });
    assert.equal(await project.errorsIn('manifests.ts', { skipLibCheck: true }), '');
  });
