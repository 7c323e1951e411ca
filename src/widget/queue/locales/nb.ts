// Norwegian Bokmål, in the same form of address as i18n/locales/nb.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Ring meg: {time}',
  'another-time': 'Velg et annet tidspunkt',
  'queue-join': 'Vent i køen',
  'queue-leave': 'Forlat køen',
  'queue-offer': 'Du blir nummer {place} i køen.',
  'queue-offer-next': 'Du blir neste i køen.',
  'queue-offer-wait': 'Ventetiden er omtrent {duration}.',
  'queue-offer-soon': 'Ventetiden er under ett minutt.',
  'queue-title': 'Du er nummer {place} i køen',
  'queue-title-next': 'Du er neste i køen',
  'queue-wait': 'Vi ringer deg om omtrent {duration}.',
  'queue-soon': 'Vi regner med å ringe deg innen ett minutt.',
  'queue-until': 'Hvis det ikke blir din tur innen {time}, avslutter vi ventingen.',
  'queue-expired-title': 'Vi rakk ikke å ringe deg',
  'queue-expired-detail':
    'Det ble ikke din tur innen 30 minutter, så vi har avsluttet ventingen. Telefonen din ringer ikke for denne samtalen.',
};
