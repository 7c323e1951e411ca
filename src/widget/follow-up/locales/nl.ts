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
  'redial-dropped-title': 'Wij konden het niet opnieuw proberen',
  'redial-dropped-detail': 'Wilt u nog steeds gebeld worden, vraag dan een nieuw gesprek aan.',
  'message-left-title': 'Wij hebben een bericht voor u achtergelaten',
  'message-left-detail': 'Luister uw voicemail af om het te horen.',
  'voicemail-title': 'Wij kregen uw voicemail',
  'voicemail-detail': 'Wij hebben gebeld, maar uw voicemail nam op.',
  'agreed-title': 'Wat wij hebben afgesproken',
  'appointment-title': 'Uw afspraak',
  'your-time': '{time} in uw tijdzone',
};
