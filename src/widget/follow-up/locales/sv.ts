// Swedish, in the same form of address as i18n/locales/sv.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Vi ringer dig från {number}.',
  silenced: 'Om din telefon tystar okända nummer, spara vårt nummer först.',
  'usually-rings': 'Det ringer oftast inom {duration}.',
  'phrase-title': 'Vår assistent börjar med de här orden',
  'phrase-detail': 'Lägg på om den som ringer inte kan dem.',
  'redial-at': 'Vi försöker en gång till: {time}.',
  'call-at': 'Ring mig: {time}',
};
