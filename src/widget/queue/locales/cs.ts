// Czech, in the same form of address as i18n/locales/cs.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Zavolejte mi: {time}',
  'another-time': 'Vybrat jiný čas',
  'queue-join': 'Počkat ve frontě',
  'queue-leave': 'Opustit frontu',
  'queue-offer': 'Vaše pořadí ve frontě by bylo: {place}.',
  'queue-offer-next': 'Váš hovor by byl další na řadě.',
  'queue-offer-wait': 'Předpokládaná doba čekání: {duration}.',
  'queue-offer-soon': 'Předpokládaná doba čekání je kratší než minuta.',
  'queue-title': 'Vaše pořadí ve frontě: {place}',
  'queue-title-next': 'Jste další na řadě',
  'queue-wait': 'Předpokládaná doba do hovoru: {duration}.',
  'queue-soon': 'Zavoláme vám pravděpodobně do minuty.',
  'queue-until': 'Čekání ukončíme, pokud na vás nepřijde řada do tohoto času: {time}.',
  'queue-expired-title': 'Nestihli jsme vám zavolat',
  'queue-expired-detail':
    'Během 30\u00a0minut na vás nepřišla řada, a\u00a0proto jsme čekání ukončili. Váš telefon kvůli tomuto hovoru nezazvoní.',
};
