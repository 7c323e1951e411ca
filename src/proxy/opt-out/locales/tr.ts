// The opt-out page in Turkish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const tr: OptOutTexts = {
  title: 'Beni kim aradı?',
  intro:
    '{business}, web sitesinde arama talep eden kişileri arar. Talep etmediyseniz biri sizin numaranızı girmiş olabilir. Numarayı buraya girin, artık aramayalım.',
  number: 'Telefon numarası',
  country: 'Ülke',
  submit: 'Bu numarayı aramayın',
  working: 'Bir dakika…',
  done: 'Tamamlandı. {business} bu numarayı en az 30 gün aramayacak. Aramaları tamamen durdurmak için temsilci aradığında söyleyin veya bizimle iletişime geçin.',
  invalid: 'Lütfen tam bir telefon numarası girin.',
  failed: 'Bu işlem başarısız oldu. Lütfen tekrar deneyin.',
  limited: 'Ağınızdan birkaç talep geldi. Lütfen yarın tekrar deneyin.',
  unavailable: 'Bu şu anda mümkün değil. Lütfen birkaç dakika sonra tekrar deneyin.',
  needsScript:
    'Otomatik talepleri engellemek için bu formda JavaScript gerekir. Lütfen etkinleştirip sayfayı yeniden yükleyin.',
  call: 'Veya bizi arayın: {phone}',
};
