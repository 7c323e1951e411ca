// Arabic, in the same form of address as i18n/locales/ar.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'سنتصل بك من الرقم {number}.',
  silenced: 'إذا كان هاتفك يكتم المكالمات من الأرقام غير المعروفة، فيُرجى حفظ رقمنا أولًا.',
  'usually-rings': 'عادةً ما يرن الهاتف خلال {duration}.',
  'phrase-title': 'سيبدأ وكيلنا بهاتين الكلمتين',
  'phrase-detail': 'إذا كان المتصل لا يعرفهما، فيُرجى إنهاء المكالمة.',
  'redial-at': 'سنحاول مرة أخرى: {time}.',
  'redial-dropped-title': 'تعذرت إعادة المحاولة',
  'redial-dropped-detail': 'إذا كانت المكالمة لا تزال مطلوبة، فيُرجى طلب مكالمة أخرى.',
  'message-left-title': 'تركنا لك رسالة صوتية',
  'message-left-detail': 'يمكنك سماعها في بريدك الصوتي.',
  'voicemail-title': 'وصلنا إلى بريدك الصوتي',
  'voicemail-detail': 'اتصلنا بك، لكن البريد الصوتي هو الذي رد.',
  'agreed-title': 'ما اتفقنا عليه',
  'appointment-title': 'موعدك',
  'your-time': '{time} بتوقيتك المحلي',
};
