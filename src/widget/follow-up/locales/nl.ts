// Dutch, in the same form of address as i18n/locales/nl.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Wij bellen u vanaf {number}.',
  silenced: 'Als uw telefoon onbekende bellers stilzet, sla dan eerst ons nummer op.',
  'usually-rings': 'Meestal gaat de telefoon binnen {duration} over.',
  'phrase-title': 'Onze assistent begint met deze woorden',
  'phrase-detail': 'Kent de beller ze niet, hang dan op.',
  'redial-at': 'Wij proberen het nog één keer: {time}.',
  'call-at': 'Bel mij: {time}',
};
