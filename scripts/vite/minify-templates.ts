// Removes white space and comments from lit's html`` and css`` templates. The bundler minifies the rest.

import { minifyHTMLLiterals } from 'minify-literals';
import type { Plugin } from 'vite';

/** A Vite plugin that minifies the templates of the project's own modules before TypeScript is stripped. */
export function minifyTemplates(): Plugin {
  return {
    name: 'minify-templates',
    enforce: 'pre',
    async transform(code: string, id: string) {
      if (!/\/src\/.*\.ts$/.test(id) || !/\b(?:html|css|svg)`/.test(code)) return null;
      const result = await minifyHTMLLiterals(code, { fileName: id });
      return result === null ? null : { code: result.code, map: result.map ?? null };
    },
  };
}
