// Hebrew, in the same form of address as i18n/locales/he.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'התקשרו אליי: {time}',
  'another-time': 'בחירת מועד אחר',
  'queue-join': 'המתנה בתור',
  'queue-leave': 'יציאה מהתור',
  'queue-offer': 'המקום שלך בתור יהיה {place}.',
  'queue-offer-next': 'השיחה שלך תהיה הבאה בתור.',
  'queue-offer-wait': 'זמן ההמתנה המשוער: {duration}.',
  'queue-offer-soon': 'זמן ההמתנה המשוער הוא פחות מדקה.',
  'queue-title': 'המקום שלך בתור: {place}',
  'queue-title-next': 'השיחה שלך היא הבאה בתור',
  'queue-wait': 'הזמן המשוער עד השיחה: {duration}.',
  'queue-soon': 'נתקשר אליך ככל הנראה תוך פחות מדקה.',
  'queue-until': 'אם התור שלך לא יגיע עד {time}, נסיים את ההמתנה.',
  'queue-expired-title': 'לא הספקנו להתקשר אליך',
  'queue-expired-detail': 'התור שלך לא הגיע תוך 30 דקות, ולכן סיימנו את ההמתנה. הטלפון שלך לא יצלצל בגלל שיחה זו.',
};
