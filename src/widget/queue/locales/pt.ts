// Portuguese (Brazil), in the same form of address as i18n/locales/pt.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Liguem para mim: {time}',
  'another-time': 'Escolher outro horário',
  'queue-join': 'Esperar na fila',
  'queue-leave': 'Sair da fila',
  'queue-offer': 'Você ficaria na posição {place} da fila.',
  'queue-offer-next': 'Sua ligação seria a próxima.',
  'queue-offer-wait': 'A espera é de cerca de {duration}.',
  'queue-offer-soon': 'A espera é de menos de um minuto.',
  'queue-title': 'Você está na posição {place} da fila',
  'queue-title-next': 'Sua ligação é a próxima',
  'queue-wait': 'Vamos ligar para você em cerca de {duration}.',
  'queue-soon': 'Devemos ligar para você em menos de um minuto.',
  'queue-until': 'Encerraremos a espera se sua vez não chegar até este horário: {time}.',
  'queue-expired-title': 'Não conseguimos ligar para você a tempo',
  'queue-expired-detail':
    'Sua vez não chegou em 30 minutos, então encerramos a espera. Seu telefone não vai tocar por causa desta ligação.',
};
