// Placeholders for statements that take several values or rows at once, as any SQL database reads them.

/** `(?, ?), (?, ?)` for `rows` rows of `columns` values, or of the given expressions. */
export const valueRows = (rows: number, columns: number | readonly string[]): string => {
  const row = typeof columns === 'number' ? placeholders(columns) : columns.join(', ');
  return Array.from({ length: rows }, () => `(${row})`).join(', ');
};

/** Texts of one statement by the number of its rows: made once each, because a text that was used before finds its prepared statement sooner. */
export function textsByRows(textFor: (rows: number) => string): (rows: number) => string {
  const known: string[] = [];
  return (rows) => (known[rows] ??= textFor(rows));
}

/** `?, ?, ?` for `count` values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
