// Replaces parts of a module by their position in its syntax tree. Callers decide what is replaced with what.

import { parseSync, Visitor, type Rolldown } from 'vite';

/** Replaces the text from `start` to `end`, offsets in the module's code. */
export type Replace = (node: { readonly start: number; readonly end: number }, text: string) => void;

/** The handlers of a syntax tree's nodes, by node type. */
export type Handlers = ConstructorParameters<typeof Visitor>[0];

/** Rewrites a module: `handlers` inspect its nodes and call `replace`. Null when nothing was replaced. */
export function rewrite(code: string, id: string, handlers: (replace: Replace) => Handlers): Rolldown.TransformResult {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const { program } = parseSync(id, code);
  new Visitor(handlers(({ start, end }, text) => edits.push({ start, end, text }))).visit(program);
  if (edits.length === 0) return null;
  let changed = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    changed = changed.slice(0, start) + text + changed.slice(end);
  }
  return { code: changed, map: null };
}
