// Every safeguard that a test must miss when it is taken away.

import type { Mutation } from './mutation.js';
import { pathMutations } from './path.js';
import { promiseMutations } from './promises.js';
import { threatMutations } from './threats.js';

/** The whole list. */
export const mutations: readonly Mutation[] = [...pathMutations, ...threatMutations, ...promiseMutations];
