// `npm run docs`: writes the tables of docs/element.md from the manifest, which is generated from the doc comments in the
// sources. `--check` writes nothing and fails when the tables are out of date. Requires `npm run build manifest`.

import { readFileSync, writeFileSync } from 'node:fs';
import { root } from '../paths.js';

interface Entry {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly kind?: string;
  readonly privacy?: string;
  readonly static?: boolean;
}

interface Declaration {
  readonly tagName?: string;
  readonly attributes?: readonly Entry[];
  readonly members?: readonly Entry[];
  readonly events?: readonly Entry[];
  readonly slots?: readonly Entry[];
  readonly cssParts?: readonly Entry[];
  readonly cssProperties?: readonly Entry[];
  readonly cssStates?: readonly Entry[];
}

const begin = '<!-- tables of the element: written by `npm run docs` -->';
const end = '<!-- end of the tables of the element -->';

const file = `${root}docs/element.md`;
const readme = readFileSync(file, 'utf8');
const [before, rest = ''] = readme.split(begin);
const [, after] = rest.split(end);
if (before === undefined || after === undefined) throw new Error(`docs/element.md lacks "${begin}" or "${end}"`);
const wanted = `${before}${begin}\n\n${tables(element())}\n${end}${after}`;
if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (wanted !== readme)
  throw new Error('docs/element.md: the tables of the element are out of date; run `npm run docs`');

function element(): Declaration {
  const manifest = JSON.parse(readFileSync(`${root}dist/custom-elements.json`, 'utf8')) as {
    readonly modules: readonly { readonly declarations?: readonly Declaration[] }[];
  };
  const found = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === 'polyai-callback');
  if (found === undefined) throw new Error('dist/custom-elements.json does not know polyai-callback');
  return found;
}

function tables(declaration: Declaration): string {
  const { attributes, members = [], events, slots, cssParts, cssProperties, cssStates } = declaration;
  const methods = members.filter(
    ({ kind, privacy, name }) => kind === 'method' && privacy !== 'private' && !/^#|Callback$/.test(name),
  );
  return [
    table('attribute', attributes, code),
    table('method', methods, (name) => code(`${name}()`)),
    table('event', events, code),
    table('slot', slots, (name) => (name === '' ? 'default' : code(name))),
    table('part', cssParts, code),
    table('custom property', cssProperties, code),
    table('state', cssStates, (name) => code(`:state(${name})`)),
  ].join('\n');
}

function table(title: string, entries: readonly Entry[] = [], show: (name: string) => string): string {
  if (entries.length === 0) throw new Error(`the manifest names no ${title}`);
  const rows = entries.map(({ name, description = '' }) => {
    if (description === '') throw new Error(`${title} ${name} has no description`);
    return `| ${show(name)} | ${description.replaceAll('|', '\\|').replace(/\s+/g, ' ')} |`;
  });
  return `| ${title} | |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function code(name: string): string {
  return `\`${name}\``;
}
