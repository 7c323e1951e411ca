// The phone chunk: all that knows phone numbers, fetched on first focus (`import('./phone.js')`). Nothing of the first
// load may import it or parse-phone.ts but for types.

export { FieldParser } from '../phone/field-parser.js';
