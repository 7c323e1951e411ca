import type { Settings } from './settings.js';

export const ways: readonly ['element', 'script', 'div', 'tag-manager', 'npm'];
export function snippet(way: string, settings: Settings): string;
