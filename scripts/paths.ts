// The folders that the build reads and writes. Owns no rules about their contents.

import { fileURLToPath } from 'node:url';

/** The repository's root, with a trailing slash. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** The output folder of all builds, with a trailing slash. */
export const dist: string = `${root}dist/`;
