export const presets: readonly (readonly [string, Readonly<Record<string, string>>])[];
