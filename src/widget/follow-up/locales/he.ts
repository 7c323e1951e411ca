// Hebrew, in the same form of address as i18n/locales/he.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'השיחה תגיע מהמספר {number}.',
  silenced: 'אם הטלפון שלך משתיק שיחות ממספרים לא מוכרים, כדאי לשמור קודם את המספר שלנו.',
  'usually-rings': 'בדרך כלל הטלפון מצלצל בתוך {duration}.',
  'phrase-title': 'הנציג שלנו יפתח במילים האלה',
  'phrase-detail': 'אם מי שמתקשר לא מכיר אותן, כדאי לנתק.',
  'redial-at': 'ננסה פעם נוספת: {time}.',
  'redial-dropped-title': 'לא הצלחנו לנסות פעם נוספת',
  'redial-dropped-detail': 'אם עדיין רלוונטי, אפשר לבקש שיחה נוספת.',
  'message-left-title': 'השארנו לך הודעה',
  'message-left-detail': 'אפשר לשמוע אותה בתא הקולי שלך.',
  'voicemail-title': 'הגענו לתא הקולי שלך',
  'voicemail-detail': 'התקשרנו, אך התא הקולי ענה.',
  'agreed-title': 'מה סיכמנו',
  'appointment-title': 'הפגישה שלך',
  'your-time': '{time} לפי אזור הזמן שלך',
};
