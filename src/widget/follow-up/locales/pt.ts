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
  'redial-dropped-title': 'Não conseguimos tentar de novo',
  'redial-dropped-detail': 'Se ainda quiser receber uma ligação, solicite outra.',
  'message-left-title': 'Deixamos uma mensagem para você',
  'message-left-detail': 'Ouça a mensagem na sua caixa postal.',
  'voicemail-title': 'A ligação caiu na sua caixa postal',
  'voicemail-detail': 'Ligamos, mas a caixa postal atendeu.',
  'agreed-title': 'O que combinamos',
  'appointment-title': 'Seu compromisso',
  'your-time': '{time} no seu fuso horário',
};
