// The phone chunk: everything about phone numbers, loaded on first focus (`import('./chunks/phone.js')`). The first load may
// import it or parse-phone.ts only for types.

export { FieldParser } from '../phone/field-parser.js';
