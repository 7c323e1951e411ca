// The documentation and the demo show the same code: each snippet of demo/install is in the README or in docs/install/README.md verbatim, except for the URL.
// Mutation that turns it red: change a snippet on one side only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

for (const name of ['element', 'script', 'div', 'tag-manager', 'npm'])
  test(`the documentation contains the snippet of demo/install/${name}.html`, () => {
    const found = /( *)<!-- snippet -->\n([^]*?)\n *<!-- end of snippet -->/.exec(read(`demo/install/${name}.html`));
    assert.ok(found, 'the page has no snippet');
    const [, indent = '', text = ''] = found;
    const expected = text
      .replaceAll(new RegExp(`^${indent}`, 'gm'), '')
      .replaceAll('endpoint="/"', 'endpoint="https://calls.example.com"')
      .replaceAll('/polyai-callback.js', 'https://calls.example.com/polyai-callback.js');
    assert.ok(
      [read('README.md'), read('docs/install/README.md')].some((page) => page.includes(expected)),
      expected,
    );
  });
