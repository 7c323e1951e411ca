// One row of the settings table. The rows are settings.ts; how they are read is read-settings.ts.

import type { Parse } from './parse.js';

/** Chapters of the reference, in its order. */
export const sections = [
  'PolyAI',
  'Who may be called, and from where',
  'Server',
  'What visitors see',
  'Hours',
  'Challenge and privacy',
  'Costs',
  'Sandbox',
  'Limits',
] as const;

/** One of {@link sections}. */
export type Section = (typeof sections)[number];

/** One setting; its name is its key in the table. */
export interface Setting<T> {
  readonly section: Section;
  /** Parsed like a value that was set; absent where nothing is the default. */
  readonly default?: string;
  /** What the reference shows instead, where the default is no text: "the first of ALLOWED_COUNTRIES". */
  readonly defaultNote?: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly parse: Parse<T>;
  /** True for what must never be shown: not in a mistake, not in the log. */
  readonly secret?: true;
  /** Also in the README's short table. */
  readonly essential?: true;
  /** One or two sentences for the reference, `--help` and `.env.example`. Markdown code spans only. */
  readonly doc: string;
}
