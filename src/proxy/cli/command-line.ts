// The command line as data: every command with its options, and the help generated from them. Runs nothing.

import { parseArgs } from 'node:util';

/** One option. */
interface Option {
  readonly type: 'string' | 'boolean';
  /** Placeholder of its value. */
  readonly value?: string;
  readonly doc: string;
}

/** One command. */
interface Command {
  /** Arguments, as the help shows them. */
  readonly args?: string;
  /** The most arguments it takes. */
  readonly mostArgs: number;
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Shown by `<command> --help`, below the options. */
  readonly more?: string;
}

const filters: Readonly<Record<string, Option>> = {
  since: {
    type: 'string',
    value: '<time>',
    doc: 'Calls created at this time or later: 2026-03-01, an RFC 3339 instant, or a time ago, such as 24h or 7d.',
  },
  until: { type: 'string', value: '<time>', doc: 'Calls created before this time.' },
  status: {
    type: 'string',
    value: '<status>',
    doc: 'Only calls in these statuses, separated by commas: completed,no-answer.',
  },
  site: { type: 'string', value: '<origin>', doc: 'Only calls from pages of this origin.' },
  'show-numbers': {
    type: 'boolean',
    doc: 'Show numbers in full. Only callbacks that are still waiting have one; it is masked by default.',
  },
};

/** A command's name. */
export type CommandName =
  | 'serve'
  | 'doctor'
  | 'calls'
  | 'export'
  | 'erase'
  | 'suppress'
  | 'unsuppress'
  | 'webhooks'
  | 'migrate'
  | 'backup'
  | 'import';

/** Every command, in the order of the help. */
const commands: Readonly<Record<CommandName, Command>> = {
  serve: {
    mostArgs: 0,
    summary: 'Run the proxy. The default.',
    options: {},
  },
  doctor: {
    mostArgs: 0,
    summary: 'Check the settings and everything around the proxy, and report what to fix. Places no call.',
    options: {
      url: {
        type: 'string',
        value: '<url>',
        doc: 'The public URL of the proxy, to check TLS and what is in front of it.',
      },
      json: { type: 'boolean', doc: 'One JSON object per check.' },
    },
    more: 'Exit code 0: nothing is wrong (there may be warnings). 1: something must be fixed.',
  },
  calls: {
    mostArgs: 0,
    summary: 'List the latest calls.',
    options: {
      ...filters,
      limit: { type: 'string', value: '<n>', doc: 'How many calls to list (default 50).' },
      format: { type: 'string', value: '<format>', doc: 'table (default), csv or jsonl.' },
    },
  },
  export: {
    args: '[<number>]',
    mostArgs: 1,
    summary:
      'With a number: everything stored about it, as JSON. Without: all calls, as CSV or JSONL, or as conversions.',
    options: {
      ...filters,
      format: {
        type: 'string',
        value: '<format>',
        doc: 'csv (default) or jsonl, which has the whole journal and the consent record.',
      },
      output: {
        type: 'string',
        value: '<file>',
        doc: 'Write to this new file (readable only by you) instead of standard output.',
      },
      conversions: {
        type: 'string',
        value: '<platform>',
        doc: 'Qualified calls for google, meta or microsoft to import, by click ID and without numbers (docs/analytics.md).',
      },
      name: { type: 'string', value: '<name>', doc: 'Name of the conversion on the platform.' },
      'qualified-after': {
        type: 'string',
        value: '<seconds>',
        doc: 'How long a conversation must last to be a conversion, where the agent reported nothing (default 30).',
      },
      disposition: {
        type: 'string',
        value: '<results>',
        doc: 'Only calls with these reported results, separated by commas: appointment-booked,transferred (docs/outcomes.md).',
      },
      value: { type: 'string', value: '<amount>', doc: 'What each conversion is worth; with --currency.' },
      currency: { type: 'string', value: '<code>', doc: 'Its currency, such as USD.' },
      consent: {
        type: 'string',
        value: '<consent>',
        doc: 'granted or denied: what the visitors chose about advertising. Google Ads requires it for some countries.',
      },
    },
  },
  erase: {
    args: '<number>',
    mostArgs: 1,
    summary: 'Delete everything that is stored about a number, except that it is suppressed.',
    options: {},
  },
  suppress: {
    args: '<number>',
    mostArgs: 1,
    summary: 'Never call this number. Scheduled calls to it are canceled.',
    options: {},
  },
  unsuppress: {
    args: '<number>',
    mostArgs: 1,
    summary: 'Allow calls to this number again.',
    options: {},
  },
  webhooks: {
    args: '[list | replay]',
    mostArgs: 1,
    summary: 'List messages that no endpoint accepted within a day, or have the proxy send them again.',
    options: {
      endpoint: { type: 'string', value: '<name>', doc: 'Only those for this endpoint.' },
      id: { type: 'string', value: '<id>', doc: 'Only the message with this ID.' },
      json: { type: 'boolean', doc: 'List them as one JSON object per line.' },
    },
  },
  migrate: {
    mostArgs: 0,
    summary: 'Migrate the database to the schema of this release, as the proxy does at startup.',
    options: { check: { type: 'boolean', doc: 'Change nothing; exit code 1 when a migration is pending.' } },
  },
  backup: {
    args: '<folder>',
    mostArgs: 1,
    summary: 'Copy the database and its keys to a new folder, while the proxy runs.',
    options: {},
    more: 'To restore, see docs/operations/backup.md. The folder holds the keys: keep it as secret as the server.',
  },
  import: {
    args: '<file>',
    mostArgs: 1,
    summary: 'Copy everything from the SQLite file of a stopped proxy to the PostgreSQL database of DATABASE_URL.',
    options: {},
    more: 'SECRET_KEYS must hold the keys of the file. See docs/operations/postgresql.md.',
  },
};

/** The result of parsing the command line. */
export type CommandLine =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, string | boolean | undefined>>;
      readonly envFile?: string;
    };

const common = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  'env-file': { type: 'string' },
} as const;

/** True for the name of a command. */
const isCommand = (word: string): word is CommandName => Object.hasOwn(commands, word);

/** Parses the arguments after the program's name. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  // Options may come before the command; of these, only --env-file takes a value that could be mistaken for one.
  const at = words.findIndex((word, index) => !word.startsWith('-') && words[index - 1] !== '--env-file');
  const name = at === -1 ? 'serve' : (words[at] ?? '');
  if (name === 'help') {
    const [topic = ''] = words.slice(at + 1);
    return isCommand(topic) ? { kind: 'help', command: topic } : { kind: 'help' };
  }
  if (!isCommand(name)) return { kind: 'wrong', message: `Unknown command ${JSON.stringify(name)}.` };
  const command = commands[name];
  const rest = words.filter((_, index) => index !== at);
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: {
        ...common,
        ...Object.fromEntries(Object.entries(command.options).map(([key, { type }]) => [key, { type }])),
      },
      allowPositionals: true,
      strict: true,
    });
    if (values.help === true) return at === -1 ? { kind: 'help' } : { kind: 'help', command: name };
    if (values.version === true) return { kind: 'version' };
    if (positionals.length > command.mostArgs)
      return { kind: 'wrong', message: `${name} takes ${command.args ?? 'no argument'}.` };
    const { 'env-file': envFile, help: _, version: __, ...options } = values as Record<string, string | boolean>;
    return {
      kind: 'run',
      command: name,
      args: positionals,
      options,
      ...(typeof envFile === 'string' && { envFile }),
    };
  } catch (error) {
    // The message names the option and quotes no value.
    const text = error instanceof Error ? error.message.split('. ')[0] : '';
    return { kind: 'wrong', message: `${name}: ${text ?? 'unknown option'}.` };
  }
}

/** The commands, for `--help`. */
export function commandsHelp(): string {
  const titles = Object.entries(commands).map(([name, { args }]) => `${name}${args === undefined ? '' : ` ${args}`}`);
  const width = Math.max(...titles.map((title) => title.length)) + 3;
  return Object.values(commands)
    .map(({ summary }, index) => `  ${(titles[index] ?? '').padEnd(width)}${summary}`)
    .join('\n');
}

/** Help for one command. */
export function commandHelp(name: CommandName): string {
  const { args, summary, options, more } = commands[name];
  const rows: readonly (readonly [string, string])[] = [
    ...Object.entries(options).map(
      ([key, { value, doc }]) => [`--${key}${value === undefined ? '' : ` ${value}`}`, doc] as const,
    ),
    ['--env-file <file>', 'Read settings from a file; those of the environment take precedence.'],
  ];
  const width = Math.max(...rows.map(([title]) => title.length)) + 3;
  const usage = ['polyai-callback-proxy', name, ...(args === undefined ? [] : [args]), '[options]'].join(' ');
  return [
    `Usage: ${usage}`,
    summary,
    rows.map(([title, doc]) => `  ${title.padEnd(width)}${doc}`).join('\n'),
    ...(more === undefined ? [] : [more]),
  ].join('\n\n');
}
