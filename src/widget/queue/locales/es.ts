// Spanish, in the same form of address as i18n/locales/es.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Llámenme: {time}',
  'another-time': 'Elegir otra hora',
  'queue-join': 'Esperar en la cola',
  'queue-leave': 'Salir de la cola',
  'queue-offer': 'Estaría en el puesto {place} de la cola.',
  'queue-offer-next': 'Su llamada sería la siguiente.',
  'queue-offer-wait': 'La espera es de aproximadamente {duration}.',
  'queue-offer-soon': 'La espera es inferior a un minuto.',
  'queue-title': 'Está en el puesto {place} de la cola',
  'queue-title-next': 'Su llamada es la siguiente',
  'queue-wait': 'Le llamaremos dentro de aproximadamente {duration}.',
  'queue-soon': 'Esperamos llamarle en menos de un minuto.',
  'queue-until': 'Pondremos fin a la espera si su turno no llega antes de esta hora: {time}.',
  'queue-expired-title': 'No hemos podido llamarle a tiempo',
  'queue-expired-detail':
    'Su turno no ha llegado en 30 minutos, así que hemos puesto fin a la espera. Su teléfono no sonará por esta llamada.',
};
