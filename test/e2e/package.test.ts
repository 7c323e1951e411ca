// The package as users install it: packed, unpacked into another project, type-checked there, bundled by Vite and run on a page
// under a strict policy. test/packages/ covers what needs no browser.
// Mutations that turn it red: a file missing from package.json's `files` or `exports`; `define()` dropped from define.ts; a wrong
// name in scripts/packages/framework-types.ts; a lazy chunk that only the script's build can find.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'vite';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { createProject, type Project } from '../packages/install.js';
import { startFixture, visit } from './fixture.js';

let project: Project;
let pages: PageSource;

before(async () => {
  project = await createProject('polyai-callback');
  pages = await openBrowser();
});
after(async () => {
  await pages.close();
  project.remove();
});

test('bundled by its importer it places a call, with every chunk from the importer’s own origin', async (t) => {
  // Imported twice, in both ways: still one element.
  project.write({
    'app.js': `import 'polyai-callback/define';\nimport { define } from 'polyai-callback/define';\ndefine();\n`,
  });
  await build({
    configFile: false,
    root: project.folder,
    logLevel: 'silent',
    base: '/app/',
    build: {
      outDir: 'out',
      rolldownOptions: { input: join(project.folder, 'app.js'), output: { entryFileNames: 'app.js' } },
    },
  });
  const out = join(project.folder, 'out');
  const files = Object.fromEntries(
    readdirSync(out, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => [`/app/${file.replaceAll('\\', '/')}`, readFileSync(join(out, file), 'utf8')]),
  );
  const fixture = await startFixture(t, {
    files,
    scriptSources: "'self'",
    policy: "require-trusted-types-for 'script'; trusted-types lit-html",
    body: '<polyai-callback endpoint="PROXY"></polyai-callback><script type="module" src="/app/app.js"></script>',
  });
  const visitor = await visit(pages, fixture);
  const requests: string[] = [];
  visitor.page.on('request', (request) => requests.push(request.url()));
  await visitor.requestCall('+1 415 555 0100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  assert.deepEqual(await visitor.complaints(), []);
  const scripts = requests.filter((url) => new URL(url).pathname.endsWith('.js'));
  assert.ok(scripts.length > 0 && scripts.every((url) => url.startsWith(fixture.pageUrl)), scripts.join());
});

test('its types work in JSX, with a framework’s namespace and with the global one', async () => {
  const jsx = `
export const right = (
  <polyai-callback variant="floating" privacy-url="/privacy" onpolyai-callback-ended={(event) => event.detail.outcome.length} />
);
// @ts-expect-error no such variant
export const wrong = <polyai-callback variant="flying" />;
// @ts-expect-error a URL is a string
export const wrongToo = <polyai-callback privacy-url={3} />;
const element = document.querySelector('polyai-callback');
element?.open();
element?.addEventListener('polyai-callback-refused', ({ detail }) => detail.code.length);
`;
  project.write({
    // The few React types that the package refers to.
    'node_modules/react/package.json': '{"name":"react","types":"index.d.ts"}',
    'node_modules/react/index.d.ts': `
      export interface HTMLAttributes<T> { readonly id?: string; readonly of?: T }
      export type DetailedHTMLProps<A, T> = A & { readonly ref?: T };
      export namespace JSX { interface Element { readonly type: string } interface IntrinsicElements { a: object } }`,
    'node_modules/react/jsx-runtime.d.ts': `export { JSX } from 'react'; export const jsx: unknown; export const jsxs: unknown;`,
    'react/page.tsx': `import 'polyai-callback/define';\nimport type {} from 'polyai-callback/jsx/react';\n${jsx}`,
    'global/page.tsx': `import 'polyai-callback/define';\nimport type {} from 'polyai-callback/jsx';\n${jsx}
      declare global { namespace JSX { interface Element { readonly type: string } } }`,
  });
  assert.equal(await project.errorsIn('react/page.tsx', { jsx: 'react-jsx' }), '');
  assert.equal(await project.errorsIn('global/page.tsx', { jsx: 'preserve' }), '');
});
