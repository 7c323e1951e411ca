// Chinese (Simplified), in the same form of address as i18n/locales/zh.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: '我们将用 {number} 给您打电话。',
  silenced: '如果您的手机会将陌生来电静音，请先保存我们的号码。',
  'usually-rings': '通常在{duration}内响铃。',
  'phrase-title': '我们的语音助理会先说这两个词',
  'phrase-detail': '如果来电者不知道这两个词，请挂断电话。',
  'redial-at': '我们会再打一次：{time}。',
  'call-at': '请在此时间打给我：{time}',
};
