// The owner's page and its data as pages of the admin listener, which decides who may read them. All of them only read.

import { ownerPaths } from '../../owner-contract.js';
import { columns, csvLine, exportLine, type RecordOptions } from './call-records.js';
import type { CallDetails } from '../store/store.js';
import { filterOf } from './filter-query.js';
import type { OwnerData } from './owner-data.js';
import type { OwnerFiles } from './owner-files.js';

/** The response to one request. */
export interface OwnerAnswer {
  readonly status?: number;
  readonly contentType: string;
  readonly body: string | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page: the response to a query. */
export type OwnerPage = (query: URLSearchParams) => Promise<OwnerAnswer>;

/** Dependencies. */
export interface OwnerPagesDeps {
  readonly data: OwnerData;
  readonly files: OwnerFiles;
  readonly keyring: RecordOptions['keyring'];
  /** True where browsers sign in, so that they can sign out. */
  readonly hasToken: boolean;
}

const signOutForm = `<form class="sign-out" method="post" action="${ownerPaths.signOut}"><button>Sign out</button></form>`;

/** Only the page's own files run, nothing is loaded from or sent to anywhere else, and no other page can frame it. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

const policy = { 'Content-Security-Policy': pagePolicy, 'Referrer-Policy': 'same-origin' };

/** The pages by path. */
export function ownerPages({ data, files, keyring, hasToken }: OwnerPagesDeps): Readonly<Record<string, OwnerPage>> {
  const file =
    (contentType: string, body: string): OwnerPage =>
    async () => ({ contentType, body, headers: policy });
  const filtered =
    (respond: (filter: NonNullable<ReturnType<typeof filterOf>>) => Promise<OwnerAnswer>): OwnerPage =>
    async (query) => {
      const filter = filterOf(query);
      return filter === undefined ? json({ error: 'not a filter' }, 400) : respond(filter);
    };
  // Numbers are masked, as the command line does by default.
  const lineOf =
    (format: 'csv' | 'jsonl') =>
    (details: CallDetails): string =>
      exportLine(format, details, { keyring, showNumbers: false });
  const exported = (contentType: string, name: string, head: string, line: (details: CallDetails) => string) =>
    filtered(async (filter) => ({
      contentType,
      headers: { 'Content-Disposition': `attachment; filename="${name}"` },
      body: linesOf(head, data.calls(filter), line),
    }));
  return {
    [ownerPaths.page]: file(
      'text/html; charset=utf-8',
      files.html.replace('<!-- sign out -->', hasToken ? signOutForm : ''),
    ),
    [ownerPaths.script]: file('text/javascript; charset=utf-8', files.script),
    [ownerPaths.style]: file('text/css; charset=utf-8', files.style),
    [ownerPaths.summary]: filtered(async (filter) => json(await data.summary(filter))),
    [ownerPaths.call]: async (query) => {
      const id = query.get('id') ?? '';
      const call = /^[\w-]{1,64}$/.test(id) ? await data.call(id) : undefined;
      return call === undefined ? json({ error: 'no such call' }, 404) : json(call);
    },
    [ownerPaths.csv]: exported('text/csv; charset=utf-8', 'calls.csv', csvLine(columns), lineOf('csv')),
    [ownerPaths.jsonl]: exported('application/x-ndjson', 'calls.jsonl', '', lineOf('jsonl')),
  };
}

const json = (body: object, status = 200): OwnerAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

async function* linesOf(
  head: string,
  pages: AsyncIterable<readonly CallDetails[]>,
  line: (details: CallDetails) => string,
): AsyncGenerator<string> {
  if (head !== '') yield `${head}\r\n`;
  for await (const page of pages) yield page.map((details) => `${line(details)}\n`).join('');
}
