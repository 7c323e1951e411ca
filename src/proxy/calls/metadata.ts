// What the agent is given with a call. What a page sends reaches the prompt of an AI that talks to a person: nothing passes unless
// the operator allowed its key, and then only short printable text. The proxy's own values take precedence.

/** Longest value, characters. */
export const maxMetadataLength = 64;

// Control and format characters (including bidi), line and paragraph separators, private use and unassigned characters.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Values of the proxy's own for the agent, for one call. `locale`: BCP 47 tag of the language of the page. */
export type OwnMetadata = (callId: string, locale: string) => Readonly<Record<string, string>>;

/** Everything the agent is given with one call; undefined when that is nothing. */
export type AgentMetadata = (
  callId: string,
  request: { readonly locale: string; readonly metadata?: Readonly<Record<string, string>> | undefined },
) => Readonly<Record<string, string>> | undefined;

/** Combines the page's values with the proxy's own. */
export function createAgentMetadata(allowedKeys: readonly string[], own: readonly OwnMetadata[]): AgentMetadata {
  return function agentMetadata(callId, { locale, metadata }) {
    const values = Object.assign(
      { ...cleanMetadata(metadata, allowedKeys) },
      ...own.map((valuesOf) => valuesOf(callId, locale)),
    ) as Record<string, string>;
    return Object.keys(values).length === 0 ? undefined : values;
  };
}

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
