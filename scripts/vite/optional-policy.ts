// Makes Lit's Trusted Types policy optional: a page that names its policies (`trusted-types …`) without enforcing them needs none.
// Where it does enforce them, the script ends as before, with the browser's own error, and the page's own content stays.

import type { Plugin } from 'vite';
import { rewrite } from './rewrite.js';

/** A Vite plugin for the script; the npm package leaves Lit to the importer. */
export function optionalPolicy(): Plugin {
  return {
    name: 'optional-policy',
    transform(code, id) {
      if (!/\/node_modules\/lit-html\//.test(id) || !code.includes('createPolicy')) return null;
      return rewrite(code, id, (replace) => ({
        CallExpression({ callee, start, end }) {
          if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
          if (callee.property.name !== 'createPolicy') return;
          const create = code.slice(start, end);
          // Throws where the page enforces Trusted Types.
          const isPlainTextAllowed = 'document.createElement("template").innerHTML = ""';
          replace({ start, end }, `(() => { try { return ${create} } catch { ${isPlainTextAllowed} } })()`);
        },
      }));
    },
  };
}
