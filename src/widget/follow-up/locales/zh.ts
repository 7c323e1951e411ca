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
  'redial-dropped-title': '我们未能再次拨打您的电话',
  'redial-dropped-detail': '如果您仍希望接到电话，请再次请求回电。',
  'message-left-title': '我们给您留了言',
  'message-left-detail': '请收听您的语音信箱。',
  'voicemail-title': '电话转到了\u200b您的语音信箱',
  'voicemail-detail': '我们打过电话，但由语音信箱接听。',
  'agreed-title': '我们约定的事项',
  'appointment-title': '您的预约',
  'your-time': '{time}（您所在时区的时间）',
};
