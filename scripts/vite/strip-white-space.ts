// Removes white space and comments from ES modules, which Vite's library mode leaves in. Names stay, and so do the annotations by which
// the importer's bundler drops what it does not use.

import { minify } from 'terser';
import type { Plugin } from 'vite';

/** A Vite plugin that writes every module with as few bytes as its names allow. Statements end in newlines, so that a stack trace still has lines. */
export function stripWhiteSpace(): Plugin {
  return {
    name: 'strip-white-space',
    // Not in `renderChunk`: Rolldown formats its result again.
    async generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const { code } = await minify(chunk.code, {
          module: true,
          compress: false,
          mangle: false,
          format: { comments: false, preserve_annotations: true, semicolons: false },
        });
        if (code !== undefined) chunk.code = code;
      }
    },
  };
}
