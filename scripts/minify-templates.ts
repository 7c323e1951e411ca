// Takes the white space and comments out of lit's html`` and css`` templates. Minifying the rest is the bundler's work.

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

/** A Vite plugin that takes out of Lit what it says to programmers alone: the texts of errors that the compiler has ruled out here, and the version that its development build looks for. */
export function silenceLit(): Plugin {
  return {
    name: 'silence-lit',
    transform(code: string, id: string) {
      if (!/\/node_modules\/(?:@lit|lit(?:-html|-element)?)\//.test(id)) return null;
      const silent = code
        .replace(/\bError\("[^"]*"\)/g, 'Error()')
        .replace(/\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, '0');
      return { code: silent, map: null };
    },
  };
}
