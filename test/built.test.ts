// The output of `npm run build`: the served files are consistent, and the package imports only declared dependencies.
// Mutations that turn it red: change one byte of a hashed file; import a development dependency in the element; drop `define`.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { chunks } from '../scripts/chunks.js';
import type { ServedFiles } from '../scripts/served-files.js';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const folder = `${dist}widget/`;
const served = JSON.parse(readFileSync(`${folder}assets.json`, 'utf8')) as ServedFiles;

test('every served file has a hashed copy, and both are precompressed', () => {
  assert.ok(served['polyai-callback.js'] !== undefined, 'assets.json does not name the script');
  for (const [file, facts] of Object.entries(served)) {
    const content = readFileSync(folder + file);
    const hash = createHash('sha256');
    for (const name of hashedWith(file)) hash.update(readFileSync(folder + name));
    assert.ok(facts.hashed.includes(hash.digest('hex').slice(0, 12)), `${facts.hashed} is not named after its content`);
    assert.equal(facts.integrity, `sha384-${createHash('sha384').update(content).digest('base64')}`);
    assert.equal(facts.bytes, content.byteLength);
    for (const name of [file, facts.hashed]) {
      const br = readFileSync(`${folder}${name}.br`);
      const gz = readFileSync(`${folder}${name}.gz`);
      assert.ok(readFileSync(folder + name).equals(content), name);
      assert.ok(brotliDecompressSync(br).equals(content), `${name}.br`);
      assert.ok(gunzipSync(gz).equals(content), `${name}.gz`);
      assert.deepEqual([facts.brotli, facts.gzip], [br.byteLength, gz.byteLength]);
    }
  }
});

test('the script and the package contain the version from package.json', () => {
  const { version } = JSON.parse(readFileSync(`${dist}../package.json`, 'utf8')) as { version: string };
  const scripts = Object.keys(served).map((file) => readFileSync(folder + file, 'utf8'));
  for (const text of [scripts.join('\n'), readFileSync(`${dist}esm/widget/internal/version.js`, 'utf8')])
    assert.ok(text.includes(version) && !text.includes('0.0.0-dev'), 'another version');
});

test('assets.json lists every file in the folder', () => {
  const known = Object.entries(served).flatMap(([file, { hashed }]) =>
    [file, hashed].flatMap((name) => [name, `${name}.br`, `${name}.gz`]),
  );
  assert.deepEqual(readdirSync(folder).sort(), [...known, 'assets.json'].sort());
});

test('the script loads only chunks that exist, named by content hash', () => {
  const script = readFileSync(`${folder}polyai-callback.js`, 'utf8');
  const [hash = ''] = script.match(/\b[0-9a-f]{12}\b/) ?? [];
  // A chunk may load another chunk.
  const scripts = Object.keys(served).map((file) => readFileSync(folder + file, 'utf8'));
  for (const { file, name, isOfPage } of chunks) {
    assert.equal(served[file]?.hashed, `polyai-callback-${name}.${hash}.js`);
    if (isOfPage) continue;
    const loads = new RegExp(`\\(["'\`]${name}["'\`]\\)`);
    assert.ok(
      scripts.some((text) => loads.test(text)),
      `nothing loads ${name}`,
    );
  }
  for (const file of Object.keys(served)) {
    const code = readFileSync(folder + file, 'utf8');
    assert.ok(!/\bimport\(\s*[`'"]\.{0,2}\//.test(code), `${file} imports a chunk by its source path`);
    assert.ok(!code.includes('__POLYAI_CALLBACK_'), `${file} has a constant that the build did not replace`);
    assert.ok(!code.includes('Lit is in dev mode'), `${file} contains lit's development build`);
  }
});

test('the npm package imports only declared dependencies', () => {
  const { dependencies } = JSON.parse(readFileSync(`${dist}../package.json`, 'utf8')) as { dependencies: object };
  const declared = Object.keys(dependencies);
  const modules = readdirSync(`${dist}esm`, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:js|d\.ts)$/.test(file),
  );
  for (const file of modules) {
    // Doc comments show how to import the package itself.
    const code = readFileSync(`${dist}esm/${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const bare = [...code.matchAll(/(?:\bfrom|\bimport\(?)\s*['"]([^.'"][^'"]*)['"]/g)].map((match) => match[1]!);
    const found = bare.filter(
      (specifier) => !declared.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
    );
    assert.deepEqual(found, [], file);
  }
});

/** The files whose contents determine a file's hash: all chunks together, or the script alone. */
function hashedWith(file: string): readonly string[] {
  const files = chunks.map((chunk) => chunk.file);
  return files.includes(file) ? files : [file];
}
