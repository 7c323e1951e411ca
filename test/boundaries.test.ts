// Who may import whom, who may read the environment, and what must never reach a browser: rules that types alone cannot enforce.
// The mutation that turns each red: add the forbidden import, read or string named in its title.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [...modulesIn('src'), ...modulesIn('demo')];

/** Packages the widget may import; the rest of node_modules is for the proxy. */
const widgetPackages = ['lit', 'libphonenumber-js', 'eventsource-parser', 'altcha-lib', 'temporal-polyfill'];

test('the contract imports nothing', () => {
  const contract = sources.find(({ file }) => file === 'src/contract.ts');
  assert.ok(contract !== undefined, 'src/contract.ts is missing');
  assert.deepEqual(contract.imports, []);
});

test('the widget imports neither the proxy, the demo nor Node', () => {
  const found = importsOf('src/widget/').filter(({ target }) => {
    if (target.startsWith('src/')) return !target.startsWith('src/widget/') && target !== 'src/contract.ts';
    return !widgetPackages.some((name) => target === name || target.startsWith(`${name}/`));
  });
  assert.deepEqual(found, []);
});

test('the owner’s page imports only its contract and the packages it is drawn with', () => {
  const allowed = /^src\/(?:proxy\/owner\/page\/|owner-contract\.ts$|contract\.ts$)|^(?:lit|uplot)$/;
  assert.deepEqual(
    importsOf('src/proxy/owner/page/').filter(({ target }) => !allowed.test(target)),
    [],
  );
  const importers = importsOf('src/').filter(
    ({ from, target }) =>
      (target.startsWith('src/proxy/owner/page/') && !from.startsWith('src/proxy/owner/page/')) ||
      (target === 'uplot' && !from.startsWith('src/proxy/owner/page/')),
  );
  assert.deepEqual(importers, []);
});

test('the proxy imports nothing from the widget', () => {
  const found = importsOf('src/proxy/').filter(
    ({ from, target }) =>
      target.startsWith('src/widget/') || (target === 'lit' && !from.startsWith('src/proxy/owner/page/')),
  );
  assert.deepEqual(found, []);
});

test('only open-proxy.ts imports the fake PolyAI, and the fake imports only the contract', () => {
  const importers = importsOf('src/').filter(
    ({ from, target }) =>
      target.startsWith('src/proxy/sandbox/fake-polyai') &&
      from !== 'src/proxy/open-proxy.ts' &&
      !from.startsWith('src/proxy/sandbox/fake-polyai'),
  );
  assert.deepEqual(importers, []);
  const imported = importsOf('src/proxy/sandbox/fake-polyai').filter(
    ({ target }) => target.startsWith('src/') && !/^src\/(?:contract\.ts|proxy\/sandbox\/fake-polyai)/.test(target),
  );
  assert.deepEqual(imported, []);
});

test('calls, gates and streams depend on interfaces, never on a particular store or PolyAI API', () => {
  const roots = [
    'src/proxy/main.ts',
    'src/proxy/open-proxy.ts',
    'src/proxy/cli/',
    'src/proxy/store/',
    'src/proxy/polyai/',
  ];
  const found = importsOf('src/proxy/').filter(
    ({ from, target }) =>
      /^src\/proxy\/(?:store\/.*(?:sqlite|postgres)|polyai\/(?:connector|token|agents|short-status|api-client))/.test(
        target,
      ) && !roots.some((allowed) => from.startsWith(allowed)),
  );
  assert.deepEqual(found, []);
});

test('only main.ts and config.ts read the environment', () => {
  const allowed = ['src/proxy/main.ts', 'src/proxy/config/config.ts'];
  const found = sources
    .filter(
      ({ file, code }) =>
        !allowed.includes(file) &&
        /\bprocess\b[\s?.['"]*\benv\b|\benv\b[^;]*=\s*process\b|\bimport\.meta\.env\b/.test(code),
    )
    .map(({ file }) => file);
  assert.deepEqual(found, []);
});

test('the files a browser loads contain no server code and no secret', () => {
  const folder = join(root, 'dist/widget');
  assert.ok(existsSync(folder), 'dist/widget is missing: run `npm run build` first');
  const marks = [
    /x-connector-id/i,
    /x-polyai/i,
    /\bPOLYAI_(?!CALLBACK)[A-Z]/,
    /database_url/i,
    /libsql/i,
    /['"`]node:/,
    /process\.env/,
    /polyai\.app/i,
  ];
  const secrets = Object.entries(process.env).flatMap(([name, value = '']) =>
    /^POLYAI_.*_ID$|_SECRET$|_TOKEN$/.test(name) && value.length >= 8 ? [value] : [],
  );
  for (const file of readdirSync(folder)) {
    const content = readFileSync(join(folder, file));
    if (file.endsWith('.gz')) continue;
    const text = (file.endsWith('.br') ? brotliDecompressSync(content) : content).toString('utf8');
    const found = marks.filter((mark) => mark.test(text));
    assert.deepEqual(found, [], file);
    assert.ok(!secrets.some((secret) => text.includes(secret)), `${file} contains a secret from the environment`);
  }
});

/**
 * The layers of each half, top first: a folder or file imports only from lower layers, types included, and never from its own
 * layer. `chunks/` is separate: it defines what loads together, may import anything below the element, and is imported only with
 * `import()` and `import type`.
 */
const widgetRooms = [
  ['embed.ts'],
  ['define', 'server/'],
  [
    'polyai-callback',
    'polyai-callback.properties',
    'polyai-callback.styles',
    'polyai-callback.sheet',
    'types',
    'add-behavior',
    'lazy-interaction',
    'lazy-overlay',
  ],
  ['follow-up/', 'queue/'],
  ['views/'],
  ['form/'],
  ['call/'],
  ['api/'],
  ['analytics/', 'download/', 'embed/'],
  ['proactive/'],
  ['i18n/', 'challenge/', 'phone/'],
  ['internal/'],
];
const proxyRooms = [
  ['main'],
  ['cli/'],
  ['create-proxy'],
  ['open-proxy'],
  ['compose', 'process/', 'admin/'],
  ['app'],
  ['routes/', 'openapi/', 'hosted/', 'owner/', 'opt-out/'],
  ['streams/', 'static/', 'sandbox/', 'configurator/', 'outcomes/', 'queue/'],
  ['calls/', 'config/'],
  ['gates/'],
  ['webhooks/'],
  ['challenge/', 'http/', 'polyai/', 'store/', 'verification/'],
  ['conversions/', 'hours/', 'secrets/'],
  ['core/'],
];

for (const [half, rooms] of [
  ['src/widget/', widgetRooms],
  ['src/proxy/', proxyRooms],
] as const) {
  const roomOf = (file: string): string => {
    const [first = '', ...inside] = file.slice(half.length).split('/');
    return inside.length > 0 ? `${first}/` : first.replace(/(?<!^embed)\.ts$/, '');
  };
  const lineOf = (file: string): number => rooms.findIndex((line) => line.includes(roomOf(file)));

  test(`${half}: every file belongs to a layer of the table`, () => {
    const found = sources.filter(({ file }) => file.startsWith(half) && !file.startsWith(`${half}chunks/`));
    assert.deepEqual(
      found.filter(({ file }) => lineOf(file) === -1).map(({ file }) => file),
      [],
    );
  });

  test(`${half}: layers depend downwards only`, () => {
    const upward = importsOf(half)
      .filter(({ target }) => target.startsWith(half))
      .filter(({ from, target }) => {
        if (from.startsWith(`${half}chunks/`)) return target === `${half}polyai-callback.ts`;
        if (target.startsWith(`${half}chunks/`)) return false;
        // The element's own files count as one folder; inside a folder imports are free (the linter finds cycles).
        const isSameRoom =
          roomOf(from) === roomOf(target) ||
          [from, target].every((file) => rooms[lineOf(file)]?.includes('polyai-callback'));
        return !isSameRoom && lineOf(from) >= lineOf(target);
      })
      .map(({ from, target }) => `${from} → ${target}`);
    assert.deepEqual(upward, []);
  });
}

test('chunks are imported only with import() and import type', () => {
  const found = sources.flatMap(({ file, code }) =>
    file.startsWith('src/widget/chunks/')
      ? []
      : [
          ...code.matchAll(/^\s*(?:import|export)\s+(?!type\b)[^'"`;]*?\bfrom\s*['"]([^'"]*\/chunks\/[^'"]+)['"]/gm),
        ].map((match) => `${file} → ${match[1] ?? ''}`),
  );
  assert.deepEqual(found, []);
});

test('src imports neither demo nor scripts', () => {
  const found = importsOf('src/').filter(({ target }) => /^(?:demo|scripts|test)\//.test(target));
  assert.deepEqual(found, []);
});

test('no folder of src has more than twenty files of its own, except the locales', () => {
  const counts = new Map<string, number>();
  for (const { file } of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const full = [...counts].filter(
    ([folder, count]) => folder.startsWith('src') && count > 20 && !folder.endsWith('/locales'),
  );
  assert.deepEqual(full, []);
});

interface Module {
  readonly file: string;
  /** The source without comments. */
  readonly code: string;
  /** Each import as a path from the root, or the package's specifier. Includes type imports, which couple modules too. */
  readonly imports: readonly string[];
}

function importsOf(folder: string): { from: string; target: string }[] {
  return sources
    .filter(({ file }) => file.startsWith(folder))
    .flatMap(({ file, imports }) => imports.map((target) => ({ from: file, target })));
}

function modulesIn(folder: string): Module[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => {
      const code = withoutComments(readFileSync(join(root, file), 'utf8'));
      return { file, code, imports: specifiersIn(code).map((specifier) => resolved(file, specifier)) };
    });
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function specifiersIn(code: string): string[] {
  const found = [
    ...code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ];
  return [...new Set(found.map((match) => match[1]!))];
}

function resolved(file: string, specifier: string): string {
  if (builtinModules.includes(specifier)) return `node:${specifier}`;
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(root, join(root, dirname(file), specifier)).replaceAll('\\', '/');
  return path.replace(/\.js$/, '.ts');
}
