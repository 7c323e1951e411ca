// The package as users install it: packed, unpacked into another project, type-checked there, bundled by Vite and run on a page
// under a strict policy. Its dependencies are links to this repository's own copies: no network.
// Mutations that turn it red: a file missing from package.json's `files` or `exports`; `define()` dropped from define.ts; a wrong
// name in src/widget/jsx/jsx.ts; a lazy chunk that only the script's build can find.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const project = mkdtempSync(join(tmpdir(), 'polyai-callback-package-'));
let pages: PageSource;

before(async () => {
  assert.ok(existsSync(`${root}dist/esm/widget/define.js`), 'dist/esm is missing: run `npm run build` first');
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { cwd: root });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const home = join(project, 'node_modules/polyai-callback');
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '--strip-components=1', '-C', home]);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(`${root}node_modules/${name}`, link);
  }
  pages = await openBrowser();
});
after(async () => {
  await pages.close();
  rmSync(project, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
}

test('bundled by its importer it places a call, with every chunk from the importer’s own origin', async (t) => {
  // Imported twice, in both ways: still one element.
  write({
    'app.js': `import 'polyai-callback/define';\nimport { define } from 'polyai-callback/define';\ndefine();\n`,
  });
  await build({
    configFile: false,
    root: project,
    logLevel: 'silent',
    base: '/app/',
    build: { outDir: 'out', rolldownOptions: { input: join(project, 'app.js'), output: { entryFileNames: 'app.js' } } },
  });
  const out = join(project, 'out');
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
  const options = {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    noEmit: true,
    types: [],
  };
  write({
    // The few React types that the package refers to.
    'node_modules/react/package.json': '{"name":"react","types":"index.d.ts"}',
    'node_modules/react/index.d.ts': `
      export interface HTMLAttributes<T> { readonly id?: string; readonly of?: T }
      export type DetailedHTMLProps<A, T> = A & { readonly ref?: T };
      export namespace JSX { interface Element { readonly type: string } interface IntrinsicElements { a: object } }`,
    'node_modules/react/jsx-runtime.d.ts': `export { JSX } from 'react'; export const jsx: unknown; export const jsxs: unknown;`,
    'react/page.tsx': `import 'polyai-callback/define';\nimport type {} from 'polyai-callback/jsx/react';\n${jsx}`,
    'react/tsconfig.json': JSON.stringify({ compilerOptions: { ...options, jsx: 'react-jsx' }, include: ['page.tsx'] }),
    'global/page.tsx': `import 'polyai-callback/define';\nimport type {} from 'polyai-callback/jsx';\n${jsx}
      declare global { namespace JSX { interface Element { readonly type: string } } }`,
    'global/tsconfig.json': JSON.stringify({ compilerOptions: { ...options, jsx: 'preserve' }, include: ['page.tsx'] }),
  });
  for (const folder of ['react', 'global']) {
    const tsc = [`${root}node_modules/typescript/bin/tsc`, '-p', join(project, folder)];
    const errors = await run(process.execPath, tsc).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    assert.equal(errors, '', folder);
  }
});

test('its custom elements manifest names the element and a file that is in the package', () => {
  const home = join(project, 'node_modules/polyai-callback');
  const manifest = JSON.parse(readFileSync(join(home, 'dist/custom-elements.json'), 'utf8')) as {
    modules: { path: string; declarations?: { tagName?: string }[] }[];
  };
  const element = manifest.modules.find(({ declarations }) =>
    declarations?.some(({ tagName }) => tagName === 'polyai-callback'),
  );
  assert.ok(element && existsSync(join(home, element.path)), element?.path);
});
