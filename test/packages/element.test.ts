// The element's package without a DOM, in the compiler and in editors. test/e2e/package.test.ts places a call with it.
// Mutations that turn it red: drop the `node` or `workerd` condition from package.json's `exports`; use `document` in
// src/widget/server/; drop the export of types.ts; leave internal classes in the manifest.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createProject, type Project } from './install.js';

let project: Project;
before(async () => {
  project = await createProject('polyai-callback');
});
after(() => project.remove());

const use = `
import 'polyai-callback/define';
import { define, PolyaiCallback } from 'polyai-callback/define';
import { PolyaiCallback as Same } from 'polyai-callback';
define();
const element = new PolyaiCallback();
element.open();
element.close();
element.reset();
await element.request('+14155550100');
if (Same !== PolyaiCallback) throw new Error('two classes');
`;

for (const [where, ...options] of [
  ['Node'],
  ['an edge runtime without Node’s conditions', '--conditions=workerd'],
  ['Next’s edge runtime', '--conditions=edge-light'],
] as const)
  test(`in ${where} importing it is silent, and its methods do nothing`, async () => {
    project.write({ 'use.js': use });
    const { stdout, stderr } = await project.node('use.js', '--trace-warnings', ...options);
    assert.equal(stdout + stderr, '');
  });

test('@lit-labs/ssr renders it with its attributes and the fallback content, without an inline style', async () => {
  project.link('@lit-labs/ssr');
  project.write({
    'page.js': `
import 'polyai-callback/define';
import { html } from 'lit';
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
new (customElements.get('polyai-callback'))();
console.log(await collectResult(render(html\`
  <polyai-callback variant="floating" endpoint=\${'https://calls.example.com'}>
    <a href="tel:+14155550198">Call us</a>
  </polyai-callback>\`)));`,
  });
  const { stdout, stderr } = await project.node('page.js');
  assert.equal(stderr, '');
  assert.match(stdout, /<polyai-callback [^>]*variant="floating"/);
  assert.match(stdout, /endpoint="https:\/\/calls\.example\.com"/);
  assert.match(stdout, /<a href="tel:\+14155550198">Call us<\/a>\s*<\/polyai-callback>/);
  assert.doesNotMatch(stdout, /<style|<template/);
});

test('events, their details and the properties are typed', async () => {
  project.write({
    'typed.ts': `
import 'polyai-callback/define';
import type { EndedDetail, PolyaiCallback, PolyaiCallbackEvents, PolyaiCallbackProperties } from 'polyai-callback';
const element = document.querySelector('polyai-callback') satisfies PolyaiCallback | null;
element?.addEventListener('polyai-callback-ended', (e) => e.detail.outcome satisfies EndedDetail['outcome']);
document.addEventListener('click', (e) => e.clientX);
addEventListener('polyai-callback-ended', (e) => e.type);
const refused = ({ detail }: PolyaiCallbackEvents['polyai-callback-refused']): string => detail.code;
element?.addEventListener('polyai-callback-refused', refused);
export const settings: PolyaiCallbackProperties = { variant: 'modal', countries: ['US'] };
// @ts-expect-error an outcome is not a number
element?.addEventListener('polyai-callback-ended', (e) => e.detail.outcome satisfies number);
// @ts-expect-error no such variant
export const wrong: PolyaiCallbackProperties = { variant: 'flying' };
`,
    'main.ts': `
import { define, type RefusedDetail } from 'polyai-callback/define';
define();
document.querySelector('polyai-callback')?.addEventListener('polyai-callback-refused', (e) => e.detail satisfies RefusedDetail);
`,
  });
  assert.equal(await project.errorsIn('typed.ts'), '');
  assert.equal(await project.errorsIn('main.ts'), '');
  assert.equal(await project.errorsIn('typed.ts', { module: 'nodenext', moduleResolution: 'nodenext' }), '');
});

interface Entry {
  readonly name: string;
  readonly type?: { readonly text: string };
}
interface Manifest {
  readonly modules: readonly {
    readonly path: string;
    readonly declarations: readonly {
      readonly name: string;
      readonly members: readonly (Entry & { readonly privacy?: string })[];
      readonly attributes: readonly Entry[];
      readonly events: readonly Entry[];
    }[];
  }[];
}

test('the manifest describes only the element, with typed events, and the editor data lists the same', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(project.home, 'dist', file), 'utf8'));
  const { modules } = read('custom-elements.json') as Manifest;
  for (const { path } of modules) assert.doesNotThrow(() => readFileSync(join(project.home, path)), path);
  const [element, ...others] = modules.flatMap(({ declarations }) => declarations);
  assert.deepEqual(others, []);
  assert.equal(element?.name, 'PolyaiCallback');
  assert.ok(
    !element.members.some(({ name, privacy }) => name.startsWith('#') || privacy === 'private'),
    'a private member',
  );
  const typeOf = (event: string): string | undefined => element.events.find(({ name }) => name === event)?.type?.text;
  assert.equal(typeOf('polyai-callback-ended'), 'CustomEvent<EndedDetail>');
  assert.equal(typeOf('polyai-callback-open'), 'CustomEvent<OpenDetail | null>');
  assert.equal(typeOf('polyai-callback-close'), 'CustomEvent<null>');
  assert.ok(
    element.events.every(({ type }) => type !== undefined),
    'an event without a type',
  );

  const names = element.attributes.map(({ name }) => name);
  const webTypes = read('web-types.json') as {
    contributions: { html: { elements: [{ attributes: Entry[]; js: { events: Entry[] } }] } };
  };
  const [web] = webTypes.contributions.html.elements;
  assert.deepEqual(
    web.attributes.map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    web.js.events.map(({ name }) => name),
    element.events.map(({ name }) => name),
  );
  const html = read('vscode.html-custom-data.json') as { tags: [{ name: string; attributes: Entry[] }] };
  assert.equal(html.tags[0].name, 'polyai-callback');
  assert.deepEqual(
    html.tags[0].attributes.map(({ name }) => name),
    names,
  );
});

test('every entry of the package can be imported or read', async () => {
  const { exports } = JSON.parse(readFileSync(join(project.home, 'package.json'), 'utf8')) as { exports: object };
  const lines = Object.keys(exports).map((path) => {
    const specifier = JSON.stringify(`polyai-callback${path.slice(1)}`);
    return path.endsWith('.json') ? `createRequire(import.meta.url)(${specifier});` : `await import(${specifier});`;
  });
  project.write({ 'all.js': `import { createRequire } from 'node:module';\n${lines.join('\n')}` });
  assert.equal((await project.node('all.js')).stderr, '');
});
