// Portuguese (Brazil), in the same form of address as i18n/locales/pt.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Vamos ligar do número {number}.',
  silenced: 'Se o seu telefone silencia números desconhecidos, salve o nosso primeiro.',
  'usually-rings': 'Normalmente toca em até {duration}.',
  'phrase-title': 'Nosso agente vai começar com estas palavras',
  'phrase-detail': 'Se quem ligar não souber essas palavras, desligue.',
  'redial-at': 'Vamos tentar mais uma vez: {time}.',
  'call-at': 'Liguem para mim: {time}',
};
