// One person's number in one form. Two countries write a mobile in two ways, and both ring the same phone: keys, limits and
// opt-outs must not take them for two people. What is dialled is not this room's business.

/**
 * The form of an E.164 number from which keys are made: without the 1 that Mexican mobiles had behind the calling code until
 * 2019 (messengers and carriers still write it), without the 9 that Argentine mobiles have there when called from abroad. Also
 * takes the beginning of a number.
 */
export function canonicalNumber(e164: string): string {
  return withoutMexicanOne(e164).replace(/^\+549(?=\d{10}$)/, '+54');
}

/** A Mexican mobile as it is dialled today; every other number as it is. */
export function withoutMexicanOne(e164: string): string {
  return e164.replace(/^\+521(?=\d{10}$)/, '+52');
}
