// The phone chunk: all that knows phone numbers, fetched on first focus (`import('./phone.js')`). Nothing of the first
// load may import it or phone-number.ts but for types.

export { extractPhoneNumber, type PhoneRules, readPhoneNumber } from '../phone/parse-phone.js';
