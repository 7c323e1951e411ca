// Values a page sends for the agent. They reach the prompt of an AI that talks to a person: nothing passes unless the operator
// allowed its key, and then only short printable text.

/** Longest value, characters. */
export const maxMetadataLength = 64;

// Control and format characters (including bidi), line and paragraph separators, private use and unassigned characters.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The values of allowed keys, cleaned and truncated; undefined when nothing is left. */
export function cleanMetadata(
  given: Readonly<Record<string, string>> | undefined,
  allowedKeys: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (given === undefined) return undefined;
  const kept = allowedKeys.flatMap((key) => {
    const value = Object.hasOwn(given, key) ? clean(given[key] ?? '') : '';
    return value === '' ? [] : [[key, value] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Truncates by code points, not UTF-16 units, so that no character is split. */
function clean(value: string): string {
  return Array.from(value.replace(/\s+/gu, ' ').replace(unprintable, '').trim()).slice(0, maxMetadataLength).join('');
}
