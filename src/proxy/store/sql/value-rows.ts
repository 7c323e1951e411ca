// Placeholders for statements that take several values or rows at once, as any SQL database reads them.

/** `(?, ?), (?, ?)` for `rows` rows of `columns` values, or of the given expressions. */
export const valueRows = (rows: number, columns: number | readonly string[]): string => {
  const row = typeof columns === 'number' ? placeholders(columns) : columns.join(', ');
  return Array.from({ length: rows }, () => `(${row})`).join(', ');
};

/** `?, ?, ?` for `count` values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
