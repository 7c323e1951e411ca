// `npm run docs`, second half: generates files from the settings table (the short table of docs/operations/deploying.md, docs/settings.md, .env.example)
// and from the element's text (the keys that STRINGS_FILE may use). `--check` writes nothing and fails when one is out of date.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { envExample, essentialTable, referenceTables } from '../../src/proxy/config/settings-reference.js';
import { en } from '../../src/widget/i18n/locales/en.js';
import { enPhases } from '../../src/widget/i18n/locales/en-phases.js';
import { enProactive } from '../../src/widget/i18n/locales/en-proactive.js';
import { en as enFollowUp } from '../../src/widget/follow-up/locales/en.js';
import { en as enQueue } from '../../src/widget/queue/locales/en.js';
import { root } from '../paths.js';

const begin = '<!-- table of settings: written by `npm run docs` -->';
const end = '<!-- end of the table of settings -->';

const reference = `# Settings

Every setting is an environment variable. This page is written by \`npm run docs\` from [the table that the proxy reads](../src/proxy/config/settings.ts); \`node dist/proxy/main.js --help\` prints the same, [.env.example](../.env.example) lists them.

- If there is a mistake, the proxy refuses to start. The message names the variable, what was found (never a secret), what is expected, and the value you probably meant. All mistakes are reported at once.
- A variable that is nearly one of these (\`TRUSTED_PROXY\`, \`POLYAI_ACOUNT_ID\`) is a mistake too, because a setting that is silently ignored is worse than none. A variable that only starts like one of these is reported and ignored.
- An empty value counts as not set. Quotation marks around a whole value, or around the content of a secret file, are removed and reported, because \`docker --env-file\` keeps them.

${referenceTables()}
`;

const textKeys = `// The keys of the element's texts, which STRINGS_FILE may replace. Written by \`npm run docs\` from the English tables: the proxy
// imports nothing from the widget.

/** Every key. */
export const elementTextKeys: readonly string[] = [
${Object.keys({ ...en, ...enPhases, ...enProactive, ...enFollowUp, ...enQueue })
  .map((key) => `  '${key}',`)
  .join('\n')}
];
`;

const isCheck = process.argv.includes('--check');
put('docs/operations/deploying.md', withShortTable(read('docs/operations/deploying.md')));
put('docs/settings.md', reference);
put('.env.example', envExample());
put('src/proxy/config/element-text-keys.ts', textKeys);

function withShortTable(page: string): string {
  const [before, rest = ''] = page.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined)
    throw new Error(`docs/operations/deploying.md lacks "${begin}" or "${end}"`);
  return `${before}${begin}\n\n${essentialTable()}\n\n${end}${after}`;
}

function read(file: string): string {
  try {
    return readFileSync(root + file, 'utf8');
  } catch {
    return '';
  }
}

function put(file: string, content: string): void {
  if (read(file) === content) return;
  if (isCheck) throw new Error(`${file} is out of date; run \`npm run docs\``);
  mkdirSync(dirname(root + file), { recursive: true });
  writeFileSync(root + file, content);
}
