// Japanese, in the same form of address as i18n/locales/ja.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'この時刻に依頼する：{time}',
  'another-time': 'ほかの時間を選ぶ',
  'queue-join': '順番を待つ',
  'queue-leave': '順番待ちをやめる',
  'queue-offer': '順番は{place}番目になります。',
  'queue-offer-next': '次の順番になります。',
  'queue-offer-wait': '待ち時間は約{duration}です。',
  'queue-offer-soon': '待ち時間は1分未満の見込みです。',
  'queue-title': '現在の順番は\u200b{place}番目です',
  'queue-title-next': '次の順番です',
  'queue-wait': '約{duration}後にお電話します。',
  'queue-soon': '1分以内にお電話できる見込みです。',
  'queue-until': '{time}までに順番が来ない場合は、順番待ちを終了します。',
  'queue-expired-title': '時間内に\u200bお電話\u200bできませんでした',
  'queue-expired-detail':
    '30分以内に順番が回らなかったため、順番待ちを終了しました。この件で電話が鳴ることはありません。',
};
