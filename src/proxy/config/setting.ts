// The shape of one row of the settings table. The rows are in settings.ts; read-settings.ts reads them.

import type { Parse } from './parse.js';

/** Sections of the reference, in order. */
export const sections = [
  'PolyAI',
  'Who may be called, and from where',
  'Server',
  'What visitors see',
  'Hours',
  'Challenge and privacy',
  'Outcomes and webhooks',
  'Costs',
  'Operations',
  'Sandbox',
  'Limits',
] as const;

/** One of {@link sections}. */
export type Section = (typeof sections)[number];

/** One setting; its name is its key in the table. */
export interface Setting<T> {
  readonly section: Section;
  /** Parsed like a value that was set; absent if there is no default. */
  readonly default?: string;
  /** Shown in the reference where the default is not a fixed value: "the first of ALLOWED_COUNTRIES". */
  readonly defaultNote?: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly parse: Parse<T>;
  /** True for a value that must never be shown, in an error or in the log. */
  readonly secret?: true;
  /** Included in the short table of docs/operations/deploying.md. */
  readonly essential?: true;
  /** One or two sentences for the reference, `--help` and `.env.example`. Markdown code spans only. */
  readonly doc: string;
}
