// The countries a visitor can choose from, named in the visitor's language and sorted in its order. default-country.ts decides
// which one is selected first.

/** One option of the country select. */
export interface CountryChoice {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** In the requested language; in English if the browser does not have it. */
  readonly name: string;
  /** Calling code without `+`; omitted while it is not known. */
  readonly callingCode?: string;
}

/** Name of a country, in English if the browser has no names in `locale`; the code itself when it is not a country. */
export function countryName(code: string, locale: string): string {
  // A list of locales falls back to English, not to the browser's own language; some locales are supported but have no names.
  for (const list of [`${locale},en`, 'en']) {
    try {
      const name = namesIn(list).of(code);
      if (name !== undefined) return name;
    } catch {
      // A malformed locale or code: the next list, then the code.
    }
  }
  return code;
}

/** Cached, because creating one reads the browser's tables again. */
const displayNames: Record<string, Intl.DisplayNames> = {};
const collators: Record<string, Intl.Collator> = {};

/** `list`: languages separated by commas. */
const namesIn = (list: string): Intl.DisplayNames =>
  (displayNames[list] ??= new Intl.DisplayNames(list.split(','), { type: 'region', fallback: 'none' }));

/** The choices, sorted by name. `callingCodes`: ISO code → calling code without `+`. */
export function countryChoices(
  codes: readonly string[],
  locale: string,
  callingCodes: Readonly<Record<string, string>> = {},
): readonly CountryChoice[] {
  const choices = codes.map((code): CountryChoice => {
    const name = countryName(code, locale);
    const callingCode = callingCodes[code];
    return callingCode === undefined ? { code, name } : { code, name, callingCode };
  });
  const { compare } = collator(locale);
  return choices.sort((a, b) => compare(a.name, b.name));
}

function collator(locale: string): Intl.Collator {
  try {
    return (collators[`${locale},en`] ??= new Intl.Collator([locale, 'en']));
  } catch {
    return new Intl.Collator('en');
  }
}
