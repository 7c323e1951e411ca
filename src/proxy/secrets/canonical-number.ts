// One canonical form for each phone number. In two countries a mobile number can be written in two ways that ring the same phone;
// keys, limits and opt-outs must not treat them as two people. Does not decide what is dialed.

/**
 * The form of an E.164 number from which keys are derived: without the prefixes that Mexican numbers had after the calling
 * code until 2019 (messengers, carriers and address books still write them), without the 9 that Argentine mobiles have there when called from abroad. Also
 * accepts the beginning of a number.
 */
export function canonicalNumber(e164: string): string {
  return withoutMexicanPrefix(e164).replace(/^\+549(?=\d{10}$)/, '+54');
}

/**
 * The other forms under which an earlier build may have stored this canonical number: a keyed HMAC cannot be converted, so what is
 * stored under them is only found by looking there too.
 */
export function formerSpellings(canonical: string): readonly string[] {
  const [, code, national] = /^\+(52|54)([1-9]\d{9})$/.exec(canonical) ?? [];
  if (code === undefined || national === undefined) return [];
  return [code === '52' ? `+521${national}` : `+549${national}`];
}

/**
 * A Mexican number as it is dialed today: without 1, 01, 044 and 045, which uniform dialing of ten digits replaced on 3 August 2019
 * (Instituto Federal de Telecomunicaciones, numbering plan of 2018). No Mexican number begins with 0. Every other number unchanged.
 */
export function withoutMexicanPrefix(e164: string): string {
  return e164.replace(/^\+52(?:1|01|044|045)(?=\d{10}$)/, '+52');
}
