// Finnish, in the same form of address as i18n/locales/fi.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Soittakaa minulle: {time}',
  'another-time': 'Valitse toinen aika',
  'queue-join': 'Odota jonossa',
  'queue-leave': 'Poistu jonosta',
  'queue-offer': 'Paikkasi jonossa olisi {place}.',
  'queue-offer-next': 'Olisit jonossa seuraavana.',
  'queue-offer-wait': 'Arvioitu odotusaika: {duration}.',
  'queue-offer-soon': 'Arvioitu odotusaika on alle minuutti.',
  'queue-title': 'Paikkasi jonossa: {place}',
  'queue-title-next': 'Olet jonossa seuraavana',
  'queue-wait': 'Arvioitu aika soittoon: {duration}.',
  'queue-soon': 'Soitamme arviolta alle minuutin kuluttua.',
  'queue-until': 'Lopetamme odotuksen, jos vuorosi ei tule viimeistään: {time}.',
  'queue-expired-title': 'Emme ehtineet soittaa sinulle',
  'queue-expired-detail':
    'Vuorosi ei tullut 30 minuutissa, joten lopetimme odotuksen. Puhelimesi ei soi tämän puhelun vuoksi.',
};
