// Italian, in the same form of address as i18n/locales/it.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Chiamatemi: {time}',
  'another-time': 'Scegli un altro orario',
  'queue-join': 'Attendi in coda',
  'queue-leave': 'Esci dalla coda',
  'queue-offer': 'Saresti in coda in posizione {place}.',
  'queue-offer-next': 'La tua chiamata sarebbe la prossima.',
  'queue-offer-wait': 'L’attesa è di circa {duration}.',
  'queue-offer-soon': 'L’attesa è inferiore a un minuto.',
  'queue-title': 'Sei in coda in posizione {place}',
  'queue-title-next': 'La tua chiamata è la prossima',
  'queue-wait': 'Ti chiameremo tra circa {duration}.',
  'queue-soon': 'Prevediamo di chiamarti tra meno di un minuto.',
  'queue-until': 'Termineremo l’attesa se il tuo turno non arriva entro questo orario: {time}.',
  'queue-expired-title': 'Non siamo riusciti a chiamarti in tempo',
  'queue-expired-detail':
    'Il tuo turno non è arrivato entro 30 minuti, quindi abbiamo terminato l’attesa. Il tuo telefono non squillerà per questa chiamata.',
};
