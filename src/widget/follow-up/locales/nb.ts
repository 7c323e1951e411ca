// Norwegian Bokmål, in the same form of address as i18n/locales/nb.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Vi ringer deg fra {number}.',
  silenced: 'Hvis telefonen din demper ukjente anrop, bør du lagre nummeret vårt først.',
  'usually-rings': 'Det ringer vanligvis innen {duration}.',
  'phrase-title': 'Assistenten vår begynner med disse ordene',
  'phrase-detail': 'Legg på hvis den som ringer, ikke kan dem.',
  'redial-at': 'Vi prøver én gang til: {time}.',
  'redial-dropped-title': 'Vi kunne ikke prøve igjen',
  'redial-dropped-detail': 'Hvis du fortsatt vil bli oppringt, kan du bestille en ny samtale.',
  'message-left-title': 'Vi har lagt igjen en beskjed til deg',
  'message-left-detail': 'Hør den på telefonsvareren din.',
  'voicemail-title': 'Vi kom til telefonsvareren din',
  'voicemail-detail': 'Vi ringte, men telefonsvareren svarte.',
  'agreed-title': 'Dette ble vi enige om',
  'appointment-title': 'Avtalen din',
  'your-time': '{time} i din tidssone',
};
