// JSON that a page's old libraries cannot corrupt.

/**
 * The JSON text of a value. Prototype before 1.7 gives arrays a `toJSON` that returns a string, which `JSON.stringify`
 * would insert as a string; a replacer that reads its holder sees the value itself.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return this[key];
  });
