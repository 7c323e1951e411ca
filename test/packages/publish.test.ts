// Publishing is refused while package.json names a repository that does not exist.
// Mutation that turns it red: leave out `scripts` when the manifest is written.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { publishRefusal } from '../../scripts/packages/packages.js';
import { run } from './install.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { repository: { url: string } };

for (const name of ['polyai-callback', 'polyai-callback-proxy'])
  test(`npm refuses to publish ${name} with a placeholder for its repository, and says what to set`, async () => {
    const refusal = publishRefusal(manifest);
    const cwd = `${root}dist/packages/${name}`;
    const failed = await run('npm', ['run', '--silent', '--if-present', 'prepublishOnly'], { cwd }).then(
      () => undefined,
      (error: { stderr: string }) => error.stderr.trim(),
    );
    assert.equal(failed, refusal);
  });

test('a real repository is not refused', () => {
  assert.equal(publishRefusal({ repository: { url: 'git+https://example.com/owner/name.git' } }), undefined);
});
