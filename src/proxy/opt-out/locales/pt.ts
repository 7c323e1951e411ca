// The opt-out page in Portuguese.

import type { OptOutTexts } from '../opt-out-texts.js';

export const pt: OptOutTexts = {
  title: 'Quem me ligou?',
  intro:
    '{business} liga para pessoas que solicitaram uma ligação no site. Se não foi você, alguém pode ter informado o seu número. Informe-o aqui e deixaremos de ligar para ele.',
  number: 'Número de telefone',
  country: 'País',
  submit: 'Não ligar mais para este número',
  working: 'Um momento…',
  done: 'Pronto. {business} não ligará para este número por pelo menos 30 dias. Para nunca mais receber ligações, diga isso ao agente quando ele ligar ou entre em contato conosco.',
  invalid: 'Informe um número de telefone completo.',
  failed: 'Não funcionou. Tente novamente.',
  limited: 'Houve várias solicitações da sua rede. Tente novamente amanhã.',
  unavailable: 'Não é possível no momento. Tente novamente em alguns minutos.',
  needsScript:
    'Para evitar solicitações automáticas, este formulário precisa de JavaScript. Ative-o e recarregue a página.',
  call: 'Ou ligue para nós: {phone}',
};
