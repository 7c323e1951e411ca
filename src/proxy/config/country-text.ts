// Parses a country as operators write it, and suggests the code that was meant. Which numbers may be called is gates/number.ts.

import { type CountryCode, getCountries, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { accept, type Parsed, reject } from './parse.js';

/** An ISO 3166-1 alpha-2 code that numbers can belong to. */
export function parseCountry(text: string): Parsed<CountryCode> {
  if (isSupportedCountry(text)) return accept(text);
  return reject({ part: text, didYouMean: countryMeant(text) });
}

/** Common substitutes: ISO alpha-3 codes, and the European Union's own code for Greece. */
const otherCodes: Readonly<Record<string, CountryCode>> = {
  EL: 'GR',
  ENG: 'GB',
  USA: 'US',
  GBR: 'GB',
  CAN: 'CA',
  AUS: 'AU',
  NZL: 'NZ',
  IRL: 'IE',
  DEU: 'DE',
  GER: 'DE',
  FRA: 'FR',
  ESP: 'ES',
  ITA: 'IT',
  PRT: 'PT',
  NLD: 'NL',
  BEL: 'BE',
  CHE: 'CH',
  AUT: 'AT',
  DNK: 'DK',
  SWE: 'SE',
  NOR: 'NO',
  FIN: 'FI',
  POL: 'PL',
  IND: 'IN',
  JPN: 'JP',
  MEX: 'MX',
  BRA: 'BR',
  ZAF: 'ZA',
};

function countryMeant(text: string): string | undefined {
  const upper = text.toUpperCase();
  const code = otherCodes[upper] ?? canonical(upper);
  if (code !== undefined && isSupportedCountry(code)) return code;
  const callingCode = /^\+?(\d{1,3})$/.exec(text)?.[1];
  if (callingCode !== undefined) {
    const sharing = getCountries().filter((country) => getCountryCallingCode(country) === callingCode);
    // Where many share a code ("+1"), there is nothing to suggest.
    return sharing.length > 0 && sharing.length <= 3 ? sharing.join(' or ') : undefined;
  }
  const names = new Intl.DisplayNames('en', { type: 'region' });
  return getCountries().find((country) => names.of(country)?.toUpperCase() === upper);
}

/** CLDR's own aliases, such as UK for GB. */
function canonical(upper: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(upper)) return undefined;
  return new Intl.Locale(`und-${upper}`).region;
}
