// Every safeguard that a test must miss when it is taken away. Two lists in JSON go through the trigger path and the store line by
// line; the others go by the threats and promises of the proxy.

import { readFileSync } from 'node:fs';
import type { Mutation } from './mutation.js';
import { pathMutations } from './path.js';
import { promiseMutations } from './promises.js';
import { serverMutations } from './server.js';
import { threatMutations } from './threats.js';

/** The whole list. */
export const mutations: readonly Mutation[] = [
  ...pathMutations,
  ...threatMutations,
  ...promiseMutations,
  ...serverMutations,
  ...lineByLine('path'),
  ...lineByLine('store'),
];

function lineByLine(name: 'path' | 'store'): Mutation[] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8');
  const rows = JSON.parse(text) as readonly { file: string; from: string; to: string; tests: string[] }[];
  return rows.map(({ file, from, to, tests }) => ({
    threat: `line by line: ${file}`,
    file,
    find: from,
    replace: to,
    test: tests,
  }));
}
