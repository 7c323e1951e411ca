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
  'call-at': 'Ring til mig: {time}',
};
