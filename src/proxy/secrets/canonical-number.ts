// One canonical form for each phone number. In two countries a mobile number can be written in two ways that ring the same phone;
// keys, limits and opt-outs must not treat them as two people. Does not decide what is dialed.

/**
 * The form of an E.164 number from which keys are derived: without the 1 that Mexican mobiles had after the calling code until
 * 2019 (messengers and carriers still write it), without the 9 that Argentine mobiles have there when called from abroad. Also
 * accepts the beginning of a number.
 */
export function canonicalNumber(e164: string): string {
  return withoutMexicanOne(e164).replace(/^\+549(?=\d{10}$)/, '+54');
}

/** A Mexican mobile as it is dialed today; every other number unchanged. */
export function withoutMexicanOne(e164: string): string {
  return e164.replace(/^\+521(?=\d{10}$)/, '+52');
}
