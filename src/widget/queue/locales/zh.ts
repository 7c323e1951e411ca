// Chinese (Simplified), in the same form of address as i18n/locales/zh.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': '请在此时间打给我：{time}',
  'another-time': '选择其他时间',
  'queue-join': '排队等候',
  'queue-leave': '退出排队',
  'queue-offer': '您将排在第{place}位。',
  'queue-offer-next': '您将是下一位。',
  'queue-offer-wait': '预计等候约{duration}。',
  'queue-offer-soon': '预计等候不到1分钟。',
  'queue-title': '您排在\u200b第{place}位',
  'queue-title-next': '下一位\u200b就是您',
  'queue-wait': '我们将在大约{duration}后给您打电话。',
  'queue-soon': '我们预计在1分钟内给您打电话。',
  'queue-until': '如果在{time}之前没有轮到您，我们将结束等候。',
  'queue-expired-title': '我们未能及时\u200b给您打电话',
  'queue-expired-detail': '30分钟内未轮到您，因此我们结束了等候。您的电话不会因此次通话而响起。',
};
