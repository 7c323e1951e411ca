/** What can be chosen. Texts and colors by their keys; empty is "as it is". */
export interface Settings {
  readonly endpoint: string;
  readonly variant: string;
  readonly placement: string;
  readonly theme: string;
  readonly lang: string;
  readonly countries: readonly string[];
  readonly defaultCountry: string;
  readonly agentName: string;
  readonly callerId: string;
  readonly phone: string;
  readonly privacyUrl: string;
  readonly termsUrl: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly styles: Readonly<Record<string, string>>;
}
export const languages: readonly string[];
export const fonts: Readonly<Record<string, string>>;
export const plain: Settings;
export function attributesOf(settings: Settings): [string, string][];
export function cssOf(settings: Pick<Settings, 'styles'>): string;
export function dialed(number: string): string;
