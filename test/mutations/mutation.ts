// What a mutation is: one safeguard taken away. The lists say which test must notice.

/** One safeguard, and how it is taken away. */
export interface Mutation {
  /** The threat that is closed, or the promise that is kept, in the words of the specification. */
  readonly threat: string;
  /** The file of the safeguard. */
  readonly file: string;
  /** The safeguard's own text, which occurs exactly once in the file. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** The test file that must turn red; of several, any. */
  readonly test: string | readonly string[];
  /** Only tests whose name matches, where the whole file takes long. */
  readonly only?: string;
}

/** A list's row: threat, file under src/, find, replace, test file under test/, and perhaps a pattern of test names. */
export type Row = readonly [threat: string, file: string, find: string, replace: string, test: string, only?: string];

/** Rows as mutations. */
export const mutationsOf = (rows: readonly Row[]): readonly Mutation[] =>
  rows.map(([threat, file, find, replace, test, only]) => ({
    threat,
    file: `src/${file}`,
    find,
    replace,
    test: `test/${test}`,
    ...(only !== undefined && { only }),
  }));
