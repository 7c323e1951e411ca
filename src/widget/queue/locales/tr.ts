// Turkish, in the same form of address as i18n/locales/tr.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Beni arayın: {time}',
  'another-time': 'Başka bir saat seç',
  'queue-join': 'Sırada bekle',
  'queue-leave': 'Sıradan çık',
  'queue-offer': 'Sırada {place}. kişi olursunuz.',
  'queue-offer-next': 'Sıradaki kişi siz olursunuz.',
  'queue-offer-wait': 'Tahmini bekleme süresi: {duration}.',
  'queue-offer-soon': 'Tahmini bekleme süresi bir dakikadan az.',
  'queue-title': 'Sırada {place}. kişisiniz',
  'queue-title-next': 'Sıradaki kişi sizsiniz',
  'queue-wait': 'Sizi yaklaşık {duration} sonra arayacağız.',
  'queue-soon': 'Sizi büyük olasılıkla bir dakika içinde arayacağız.',
  'queue-until': 'Sıranız şu zamana kadar gelmezse beklemeyi sonlandıracağız: {time}.',
  'queue-expired-title': 'Sizi zamanında arayamadık',
  'queue-expired-detail':
    'Sıranız 30 dakika içinde gelmedi, bu yüzden beklemeyi sonlandırdık. Telefonunuz bu arama için çalmayacak.',
};
