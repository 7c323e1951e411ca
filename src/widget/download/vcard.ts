// "Save our number": a vCard for the visitor's contacts, so that the next call is recognized.

import { saveFile } from './save-file.js';

/** The contact to save. */
export interface Contact {
  readonly name: string;
  /** E.164. */
  readonly phone: string;
}

/** The text of a vCard 3.0, which every phone reads. */
export function contactCard({ name, phone }: Contact): string {
  // RFC 2426 §2.4.2: backslash, comma, semicolon and line breaks are escaped in text.
  const safe = name.replace(/[\\,;]/g, '\\$&').replace(/\s+/g, ' ');
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nN:${safe};;;;\r\nFN:${safe}\r\nORG:${safe}\r\nTEL;TYPE=WORK,VOICE:${phone}\r\nEND:VCARD\r\n`;
}

/** Offers the card to the browser as a download. */
export function saveContactCard(contact: Contact): void {
  saveFile('contact.vcf', 'text/vcard', contactCard(contact));
}
