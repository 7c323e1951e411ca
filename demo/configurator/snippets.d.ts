import type { Settings } from './settings.js';

export const ways: readonly ['element', 'script', 'div', 'tag-manager', 'npm', 'hosted'];
/** Height of the form in `em`, on a wide page and on a phone. */
export interface Space {
  readonly wide: number;
  readonly narrow: number;
}
export function snippet(way: string, settings: Settings, space?: Space): string;
export function bookmarklet(settings: Settings): string;
