import type { Settings } from './settings.js';

export interface Field {
  readonly path: readonly string[];
  readonly expected: string;
  check(value: string): boolean;
}
export interface ReadSettings {
  readonly settings: Settings;
  readonly problems: readonly string[];
}
export const maxLinkLength: number;
export const maxFileSize: number;
export const fields: Readonly<Record<string, Field>>;
export function toPairs(settings: Settings): [string, string][];
export function fromPairs(pairs: Iterable<readonly [string, unknown]>): ReadSettings;
export function toLink(settings: Settings, page: string): string | undefined;
export function fromFragment(hash: string): ReadSettings;
export function toFile(settings: Settings): string;
export function fromFile(content: string): ReadSettings;
export function hexColor(written: string): string | undefined;
