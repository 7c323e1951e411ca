// German, in the same form of address as i18n/locales/de.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Rufen Sie mich an: {time}',
  'another-time': 'Anderen Termin wählen',
  'queue-join': 'In der Warteschlange warten',
  'queue-leave': 'Warteschlange verlassen',
  'queue-offer': 'Sie wären an {place}. Stelle.',
  'queue-offer-next': 'Sie wären als Nächstes an der Reihe.',
  'queue-offer-wait': 'Die Wartezeit beträgt etwa {duration}.',
  'queue-offer-soon': 'Die Wartezeit beträgt weniger als eine Minute.',
  'queue-title': 'Sie sind an {place}. Stelle',
  'queue-title-next': 'Sie sind als Nächstes an der Reihe',
  'queue-wait': 'Wir rufen Sie in etwa {duration} an.',
  'queue-soon': 'Wir rufen Sie voraussichtlich in weniger als einer Minute an.',
  'queue-until': 'Wenn Sie bis {time} nicht an der Reihe sind, beenden wir die Wartezeit.',
  'queue-expired-title': 'Wir konnten Sie nicht rechtzeitig anrufen',
  'queue-expired-detail':
    'Sie waren nach 30 Minuten noch nicht an der Reihe. Deshalb haben wir die Wartezeit beendet. Für diesen Anruf klingelt Ihr Telefon nicht.',
};
