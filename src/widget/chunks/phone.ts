// The phone chunk: all that knows phone numbers, fetched on first focus (`import('./phone.js')`). Nothing of the first
// load may import it or parse-phone.ts but for types.

export { extractPhone, type PhoneRules, parsePhone } from '../phone/parse-phone.js';
