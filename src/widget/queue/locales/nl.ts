// Dutch, in the same form of address as i18n/locales/nl.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Bel mij: {time}',
  'another-time': 'Kies een andere tijd',
  'queue-join': 'In de wachtrij wachten',
  'queue-leave': 'De wachtrij verlaten',
  'queue-offer': 'U zou nummer {place} in de wachtrij zijn.',
  'queue-offer-next': 'U zou als volgende aan de beurt zijn.',
  'queue-offer-wait': 'De wachttijd is ongeveer {duration}.',
  'queue-offer-soon': 'De wachttijd is minder dan een minuut.',
  'queue-title': 'U bent nummer {place} in de wachtrij',
  'queue-title-next': 'U bent als volgende aan de beurt',
  'queue-wait': 'Wij bellen u over ongeveer {duration}.',
  'queue-soon': 'Wij verwachten u binnen een minuut te bellen.',
  'queue-until': 'Als u vóór {time} niet aan de beurt bent, beëindigen wij het wachten.',
  'queue-expired-title': 'Wij konden u niet op tijd bellen',
  'queue-expired-detail':
    'U was na 30 minuten nog niet aan de beurt. Daarom hebben wij het wachten beëindigd. Uw telefoon gaat hiervoor niet over.',
};
