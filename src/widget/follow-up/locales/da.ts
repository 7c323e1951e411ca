// Danish, in the same form of address as i18n/locales/da.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Vi ringer til dig fra {number}.',
  silenced: 'Hvis din telefon gør ukendte opkald lydløse, så gem vores nummer først.',
  'usually-rings': 'Det ringer som regel inden for {duration}.',
  'phrase-title': 'Vores assistent begynder med disse ord',
  'phrase-detail': 'Læg på, hvis den, der ringer, ikke kender dem.',
  'redial-at': 'Vi prøver én gang til: {time}.',
  'redial-dropped-title': 'Vi kunne ikke prøve igen',
  'redial-dropped-detail': 'Hvis du stadig gerne vil ringes op, kan du bestille et nyt opkald.',
  'message-left-title': 'Vi har lagt en besked til dig',
  'message-left-detail': 'Hør den på din telefonsvarer.',
  'voicemail-title': 'Vi kom til din telefonsvarer',
  'voicemail-detail': 'Vi ringede, men din telefonsvarer tog opkaldet.',
  'agreed-title': 'Det aftalte vi',
  'appointment-title': 'Din aftale',
  'your-time': '{time} i din tidszone',
};
