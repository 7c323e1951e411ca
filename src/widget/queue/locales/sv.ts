// Swedish, in the same form of address as i18n/locales/sv.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Ring mig: {time}',
  'another-time': 'Välj en annan tid',
  'queue-join': 'Vänta i kön',
  'queue-leave': 'Lämna kön',
  'queue-offer': 'Du får plats {place} i kön.',
  'queue-offer-next': 'Du blir näst på tur.',
  'queue-offer-wait': 'Väntetiden är ungefär {duration}.',
  'queue-offer-soon': 'Väntetiden är mindre än en minut.',
  'queue-title': 'Du har plats {place} i kön',
  'queue-title-next': 'Du är näst på tur',
  'queue-wait': 'Vi ringer dig om ungefär {duration}.',
  'queue-soon': 'Vi räknar med att ringa dig inom en minut.',
  'queue-until': 'Om det inte blir din tur före {time} avslutar vi väntan.',
  'queue-expired-title': 'Vi hann inte ringa dig',
  'queue-expired-detail':
    'Det blev inte din tur inom 30 minuter, så vi har avslutat väntan. Din telefon kommer inte att ringa för det här samtalet.',
};
