// The settings table as text: --help, .env.example, the reference in docs/ and the short table of docs/operations/deploying.md, all generated from the
// rows alone.

import { allRows } from './read-settings.js';
import { type Section, sections, type Setting } from './setting.js';

type Row = readonly [name: string, setting: Setting<unknown>];

const rows: readonly Row[] = Object.entries(allRows);
const rowsOf = (section: Section): readonly Row[] => rows.filter(([, setting]) => setting.section === section);

/** The settings for `--help`, wrapped to `width` columns. */
export function settingsHelp(width = 100): string {
  const chapters = sections.map((section) => {
    const entries = rowsOf(section).map(([name, setting]) => {
      const shown = defaultOf(setting);
      const title = `  ${name}${shown === undefined ? '' : ` (default: ${plain(shown)})`}`;
      return [title, ...wrapped(plain(setting.doc), width - 6).map((line) => `      ${line}`)].join('\n');
    });
    return `${section}:\n${entries.join('\n')}`;
  });
  return chapters.join('\n\n');
}

/** The content of .env.example: every setting, commented out, with its default. */
export function envExample(): string {
  const head = [
    '# Settings of polyai-callback, every one optional in the sandbox. Written by `npm run docs`; the reference is docs/settings.md.',
    '# The proxy reads its environment, not this file: pass it with `docker run --env-file`, `node --env-file` or your process manager.',
    '# No quotation marks around values, and no comments after them: not every reader of such files removes them.',
  ];
  const chapters = sections.map((section) => {
    const entries = rowsOf(section).map(([name, setting]) =>
      [...wrapped(plain(setting.doc), 110).map((line) => `# ${line}`), `#${name}=${setting.default ?? ''}`].join('\n'),
    );
    return `## ${section}\n\n${entries.join('\n\n')}`;
  });
  return `${[head.join('\n'), ...chapters].join('\n\n')}\n`;
}

/** One Markdown table per chapter. */
export function referenceTables(): string {
  return sections
    .map(
      (section) =>
        `## ${section}\n\n${tableOf(rowsOf(section), ({ doc, expected }) => `${doc} Expected: ${cell(expected)}.`)}`,
    )
    .join('\n\n');
}

/** The short Markdown table of the settings that nearly everyone needs. */
export function essentialTable(): string {
  return tableOf(
    rows.filter(([, setting]) => setting.essential === true),
    // Links are written for docs/, and this table is one folder below it.
    ({ doc }) => doc.replace(/\]\((?!https?:)/g, '](../'),
  );
}

function tableOf(list: readonly Row[], describe: (setting: Setting<unknown>) => string): string {
  const lines = list.map(([name, setting]) => `| \`${name}\` | ${defaultOf(setting) ?? ''} | ${describe(setting)} |`);
  return `| setting | default | |\n| --- | --- | --- |\n${lines.join('\n')}`;
}

const defaultOf = ({ default: text, defaultNote }: Setting<unknown>): string | undefined =>
  defaultNote ?? (text === undefined ? undefined : `\`${text}\``);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** Without Markdown. */
const plain = (text: string): string => text.replace(/`|\*\*/g, '');

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
