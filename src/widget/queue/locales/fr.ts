// French, in the same form of address as i18n/locales/fr.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Appelez-moi : {time}',
  'another-time': 'Choisir un autre horaire',
  'queue-join': 'Patienter dans la file d’attente',
  'queue-leave': 'Quitter la file d’attente',
  'queue-offer': 'Vous seriez en {place}e position.',
  'queue-offer-next': 'Votre appel serait le prochain.',
  'queue-offer-wait': 'L’attente est d’environ {duration}.',
  'queue-offer-soon': 'L’attente est de moins d’une minute.',
  'queue-title': 'Vous êtes en {place}e position',
  'queue-title-next': 'Votre appel est le prochain',
  'queue-wait': 'Nous vous appellerons dans environ {duration}.',
  'queue-soon': 'Nous devrions vous appeler dans moins d’une minute.',
  'queue-until': 'Si votre tour n’est pas venu avant {time}, nous mettrons fin à l’attente.',
  'queue-expired-title': 'Nous n’avons pas pu vous appeler à temps',
  'queue-expired-detail':
    'Votre tour n’est pas venu en 30 minutes, nous avons donc mis fin à l’attente. Votre téléphone ne sonnera pas pour cet appel.',
};
