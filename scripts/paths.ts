// The folders the build reads and writes. It owns no rule about their contents.

import { fileURLToPath } from 'node:url';

/** The repository's root, with a trailing slash. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** Where everything built goes, with a trailing slash. */
export const dist: string = `${root}dist/`;
