// Makes Lit's Trusted Types policy optional: a page that lists policies (`trusted-types …`) without enforcing Trusted Types need not
// list Lit's. Where they are enforced, the script stops with the browser's own error as before, and the fallback content stays.

import type { Plugin } from 'vite';
import { rewrite } from './rewrite.js';

/** A Vite plugin for the script; in the npm package, the importer provides Lit. */
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
          // Throws if the page enforces Trusted Types.
          const isPlainTextAllowed = 'document.createElement("template").innerHTML = ""';
          replace({ start, end }, `(() => { try { return ${create} } catch { ${isPlainTextAllowed} } })()`);
        },
      }));
    },
  };
}
