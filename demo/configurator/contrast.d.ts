import type { Settings } from './settings.js';

export interface Warning {
  readonly text: string;
  readonly instead?: Readonly<Record<string, string>>;
}
export function contrast(a: string, b: string): number;
export function contrastWarnings(settings: Pick<Settings, 'styles' | 'theme'>): Warning[];
