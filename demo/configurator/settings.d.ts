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
  /** Name under which a surrounding form submits the number. */
  readonly name: string;
  readonly dataLayer: string;
  /** `true` or empty. */
  readonly attribution: string;
  readonly openAfter: string;
  readonly openAtScroll: string;
  /** `true` or empty. */
  readonly openOnExit: string;
  readonly openOnPaths: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly styles: Readonly<Record<string, string>>;
}
export const languages: readonly string[];
export const fonts: Readonly<Record<string, string>>;
export const shadows: Readonly<Record<string, string>>;
export const colorNames: readonly string[];
export const textKeys: readonly string[];
export const plain: Settings;
export function attributesOf(settings: Settings): [string, string][];
export function cssOf(settings: Pick<Settings, 'styles'>): string;
export function dialed(number: string): string;
