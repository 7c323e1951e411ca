// Danish, in the same form of address as i18n/locales/da.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Ring til mig: {time}',
  'another-time': 'Vælg et andet tidspunkt',
  'queue-join': 'Vent i køen',
  'queue-leave': 'Forlad køen',
  'queue-offer': 'Du bliver nummer {place} i køen.',
  'queue-offer-next': 'Du bliver den næste i køen.',
  'queue-offer-wait': 'Ventetiden er cirka {duration}.',
  'queue-offer-soon': 'Ventetiden er under et minut.',
  'queue-title': 'Du er nummer {place} i køen',
  'queue-title-next': 'Du er den næste i køen',
  'queue-wait': 'Vi ringer til dig om cirka {duration}.',
  'queue-soon': 'Vi forventer at ringe til dig inden for et minut.',
  'queue-until': 'Hvis det ikke bliver din tur inden {time}, afslutter vi ventetiden.',
  'queue-expired-title': 'Vi nåede ikke at ringe til dig',
  'queue-expired-detail':
    'Det blev ikke din tur inden for 30 minutter, så vi har afsluttet ventetiden. Din telefon ringer ikke for dette opkald.',
};
