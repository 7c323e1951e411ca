// Japanese, in the same form of address as i18n/locales/ja.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: '{number}からお電話します。',
  silenced: '知らない番号の着信音が鳴らない設定の場合は、先に当社の番号を保存してください。',
  'usually-rings': '通常は{duration}以内に鳴ります。',
  'phrase-title': '担当エージェントは最初にこの言葉を言います',
  'phrase-detail': 'この言葉を知らない相手の場合は、電話を切ってください。',
  'redial-at': 'もう一度だけお電話します：{time}',
  'redial-dropped-title': '再度のお電話ができませんでした',
  'redial-dropped-detail': '引き続きご希望の場合は、もう一度お電話をご依頼ください。',
  'message-left-title': 'メッセージを\u200b残しました',
  'message-left-detail': '留守番電話でお聞きください。',
  'voicemail-title': '留守番電話に\u200bつながりました',
  'voicemail-detail': 'お電話しましたが、留守番電話につながりました。',
  'agreed-title': '決まったこと',
  'appointment-title': 'ご予約',
  'your-time': '{time}（お客様の現地時刻）',
};
