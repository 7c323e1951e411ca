// "Save our number": a vCard the visitor's phone can keep, so that the next call is recognized.

import { saveFile } from './save-file.js';
import type { ViewModel } from '../views/view-model.js';

/** vCard 3.0, which every phone reads. `phone` is E.164. */
export function contactCard(name: string, phone: string): string {
  // RFC 2426 §2.4.2: backslash, comma, semicolon and line breaks are escaped in text.
  const safe = name.replace(/[\\,;]/g, '\\$&').replace(/\s+/g, ' ');
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nN:${safe};;;;\r\nFN:${safe}\r\nORG:${safe}\r\nTEL;TYPE=WORK,VOICE:${phone}\r\nEND:VCARD\r\n`;
}

/** Hands the card to the browser as a download. */
export function saveContactCard({ business, callerId }: Pick<ViewModel, 'business' | 'callerId'>): void {
  if (callerId) saveFile('contact.vcf', 'text/vcard', contactCard(business, callerId));
}
