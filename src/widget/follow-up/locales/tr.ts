// Turkish, in the same form of address as i18n/locales/tr.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Sizi şu numaradan arayacağız: {number}.',
  silenced: 'Telefonunuz bilinmeyen numaraları sessize alıyorsa önce numaramızı kaydedin.',
  'usually-rings': 'Telefon genellikle {duration} içinde çalar.',
  'phrase-title': 'Temsilcimiz söze bu iki kelimeyle başlar',
  'phrase-detail': 'Arayan bunları bilmiyorsa telefonu kapatın.',
  'redial-at': 'Bir kez daha arayacağız: {time}.',
  'redial-dropped-title': 'Bir kez daha arayamadık',
  'redial-dropped-detail': 'Hâlâ aranmak istiyorsanız lütfen yeni bir arama talep edin.',
  'message-left-title': 'Size mesaj bıraktık',
  'message-left-detail': 'Mesajı sesli mesaj kutunuzdan dinleyebilirsiniz.',
  'voicemail-title': 'Sesli mesaj kutunuza ulaştık',
  'voicemail-detail': 'Aradık, ancak sesli mesaj kutunuz yanıtladı.',
  'agreed-title': 'Üzerinde anlaştıklarımız',
  'appointment-title': 'Randevunuz',
  'your-time': '{time} (sizin saat diliminizde)',
};
