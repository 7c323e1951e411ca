/** `[group, {key: [name, …]}]`. */
export const phaseGroups: readonly (readonly [string, Readonly<Record<string, readonly [string, ...unknown[]]>>])[];
