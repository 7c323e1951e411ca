// Every safeguard whose removal must fail a test. Two JSON lists cover the trigger path and the store line by line; the others
// follow the proxy's threats and guarantees.

import { readFileSync } from 'node:fs';
import type { Mutation } from './mutation.js';
import { instanceMutations } from './instances.js';
import { outcomeMutations } from './outcomes.js';
import { pathMutations } from './path.js';
import { promiseMutations } from './promises.js';
import { queueMutations } from './queue.js';
import { serverMutations } from './server.js';
import { threatMutations } from './threats.js';

/** All mutations. */
export const mutations: readonly Mutation[] = [
  ...pathMutations,
  ...threatMutations,
  ...promiseMutations,
  ...serverMutations,
  ...outcomeMutations,
  ...instanceMutations,
  ...queueMutations,
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
