// The opt-out page in Japanese.

import type { OptOutTexts } from '../opt-out-texts.js';

export const ja: OptOutTexts = {
  title: 'この電話は誰から？',
  intro:
    '{business}は、ウェブサイトで電話を依頼した方に電話をおかけしています。お心当たりがない場合は、誰かがあなたの番号を入力した可能性があります。こちらに番号を入力していただければ、今後はおかけしません。',
  number: '電話番号',
  country: '国',
  submit: 'この番号への電話を停止する',
  working: '少々お待ちください…',
  done: '完了しました。{business}は少なくとも30日間、この番号に電話をかけません。完全に停止するには、電話の際にエージェントにお伝えいただくか、お問い合わせください。',
  invalid: '電話番号を最後まで入力してください。',
  failed: 'うまくいきませんでした。もう一度お試しください。',
  limited: 'お使いのネットワークから何度か依頼がありました。明日もう一度お試しください。',
  unavailable: 'ただいまご利用いただけません。数分後にもう一度お試しください。',
  needsScript:
    '自動的な送信を防ぐため、このフォームにはJavaScriptが必要です。有効にしてからページを再読み込みしてください。',
  call: 'お電話でも承ります：{phone}',
};
