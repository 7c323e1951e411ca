// JSON that a page's old libraries cannot change.

/**
 * The JSON text of a value. Prototype before 1.7 gives arrays a `toJSON` that answers with text, which `JSON.stringify`
 * would put in as text; a replacer that reads its holder sees the value itself.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return this[key];
  });
