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
  'redial-dropped-title': 'Vi kunde inte försöka igen',
  'redial-dropped-detail': 'Om du fortfarande vill bli uppringd kan du beställa ett nytt samtal.',
  'message-left-title': 'Vi har lämnat ett meddelande till dig',
  'message-left-detail': 'Lyssna på det i din röstbrevlåda.',
  'voicemail-title': 'Vi kom till din röstbrevlåda',
  'voicemail-detail': 'Vi ringde, men röstbrevlådan svarade.',
  'agreed-title': 'Det här kom vi överens om',
  'appointment-title': 'Din bokade tid',
  'your-time': '{time} i din tidszon',
};
