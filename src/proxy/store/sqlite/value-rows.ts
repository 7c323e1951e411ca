// Placeholders for statements that take several values or rows at once, as any SQL database reads them.

/** `(?, ?), (?, ?)` for `rows` rows of `columns` values. */
export const valueRows = (rows: number, columns: number): string =>
  Array.from({ length: rows }, () => `(${placeholders(columns)})`).join(', ');

/** `?, ?, ?` for `count` values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
