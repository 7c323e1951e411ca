// What a mutation is: one safeguard removed. The lists name the test that must fail.

/** One safeguard and how to remove it. */
export interface Mutation {
  /** The threat the safeguard closes, or the guarantee it keeps. */
  readonly threat: string;
  /** The file of the safeguard. */
  readonly file: string;
  /** The safeguard's code, which occurs exactly once in the file. */
  readonly find: string;
  /** The code that replaces it. */
  readonly replace: string;
  /** The test file that must fail; if several, any of them. */
  readonly test: string | readonly string[];
  /** A pattern of test names, where the whole file is slow. */
  readonly only?: string;
}

/** A row of a list: threat, file under src/, find, replace, test file under test/, and optionally a pattern of test names. */
export type Row = readonly [threat: string, file: string, find: string, replace: string, test: string, only?: string];

/** Converts rows to mutations. */
export const mutationsOf = (rows: readonly Row[]): readonly Mutation[] =>
  rows.map(([threat, file, find, replace, test, only]) => ({
    threat,
    file: `src/${file}`,
    find,
    replace,
    test: `test/${test}`,
    ...(only !== undefined && { only }),
  }));
