// Removes from Lit what only developers see: the messages of errors that the compiler already rules out here, and the list of
// versions that its development build checks.

import type { Plugin } from 'vite';
import { rewrite } from './rewrite.js';

/** A Vite plugin for what browsers load; in the npm package, the importer provides Lit. */
export function stripLitMessages(): Plugin {
  return {
    name: 'strip-lit-messages',
    transform(code, id) {
      if (!/\/node_modules\/(?:@lit|lit(?:-html|-element)?)\//.test(id)) return null;
      return rewrite(code, id, (replace) => ({
        CallExpression(node) {
          const {
            callee,
            arguments: [argument],
          } = node;
          if (argument?.type !== 'Literal') return;
          if (callee.type === 'Identifier' && callee.name === 'Error') replace(argument, '');
          // (globalThis.litElementVersions ??= []).push("4.2.2")
          if (callee.type !== 'MemberExpression') return;
          const list = callee.object.type === 'ParenthesizedExpression' ? callee.object.expression : callee.object;
          if (list.type === 'AssignmentExpression' && list.operator === '??=') replace(node, '0');
        },
        NewExpression({ callee, arguments: [argument] }) {
          if (argument?.type === 'Literal' && callee.type === 'Identifier' && callee.name === 'Error')
            replace(argument, '');
        },
      }));
    },
  };
}
