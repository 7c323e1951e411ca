// A phone number that its owner recognizes and nobody else can read.

/** The calling code's beginning and the last two digits of an E.164 number, the rest masked: `+44 ••• 58`. */
export const maskPhone = (e164: string): string => `${e164.slice(0, 3)} ••• ${e164.slice(-2)}`;
