// Arabic, in the same form of address as i18n/locales/ar.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'اتصلوا بي: {time}',
  'another-time': 'اختيار موعد آخر',
  'queue-join': 'الانضمام إلى قائمة الانتظار',
  'queue-leave': 'مغادرة قائمة الانتظار',
  'queue-offer': 'سيكون ترتيبك في قائمة الانتظار: {place}.',
  'queue-offer-next': 'ستكون مكالمتك هي التالية.',
  'queue-offer-wait': 'مدة الانتظار المتوقعة: {duration}.',
  'queue-offer-soon': 'مدة الانتظار المتوقعة أقل من دقيقة.',
  'queue-title': 'ترتيبك في قائمة الانتظار: {place}',
  'queue-title-next': 'مكالمتك هي التالية',
  'queue-wait': 'المدة المتوقعة قبل الاتصال بك: {duration}.',
  'queue-soon': 'نتوقع الاتصال بك خلال أقل من دقيقة.',
  'queue-until': 'إذا لم يحن دورك قبل {time}، فسننهي الانتظار.',
  'queue-expired-title': 'لم نتمكن من الاتصال بك في الوقت المناسب',
  'queue-expired-detail': 'لم يحن دورك خلال 30 دقيقة، فأنهينا الانتظار. لن يرن هاتفك بسبب هذه المكالمة.',
};
