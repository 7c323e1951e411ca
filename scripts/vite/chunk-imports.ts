// Turns `import('./chunks/x.js')` into a request for the chunk's hashed file (src/widget/embed/load-chunk.ts decides where to load it
// from).

import { normalizePath, type Plugin } from 'vite';
import { chunks } from '../chunks.js';
import { root } from '../paths.js';
import { rewrite } from './rewrite.js';

const names = new Map(chunks.map(({ module, name }) => [root + module, name]));

/** A Vite plugin. `loader`: the path of the module that exports `loadChunk`. */
export function chunkImports(loader: string): Plugin {
  return {
    name: 'chunk-imports',
    transform(code, id) {
      if (!code.includes('import(')) return null;
      const result = rewrite(code, id, (replace) => ({
        ImportExpression(node) {
          const { source } = node;
          if (source.type !== 'Literal' || typeof source.value !== 'string') return;
          const module = normalizePath(new URL(source.value, `file://${id}`).pathname).replace(/\.js$/, '.ts');
          const name = names.get(module);
          if (name !== undefined) replace(node, `importChunk(${JSON.stringify(name)})`);
        },
      }));
      if (result === null || typeof result !== 'object' || typeof result.code !== 'string') return null;
      return {
        code: `import { loadChunk as importChunk } from ${JSON.stringify(root + loader)};${result.code}`,
        map: null,
      };
    },
  };
}
