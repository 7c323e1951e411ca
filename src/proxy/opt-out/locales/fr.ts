// The opt-out page in French.

import type { OptOutTexts } from '../opt-out-texts.js';

export const fr: OptOutTexts = {
  title: 'Qui m’a appelé ?',
  intro:
    '{business} appelle les personnes qui ont demandé un appel sur son site. Si ce n’était pas vous, quelqu’un a peut-être saisi votre numéro. Saisissez-le ici et nous cesserons de l’appeler.',
  number: 'Numéro de téléphone',
  country: 'Pays',
  submit: 'Ne plus appeler ce numéro',
  working: 'Un instant…',
  done: 'C’est fait. {business} n’appellera pas ce numéro pendant au moins 30 jours. Pour ne plus jamais être appelé, dites-le à l’agent lors de son appel ou contactez-nous.',
  invalid: 'Veuillez saisir un numéro de téléphone complet.',
  failed: 'Cela n’a pas fonctionné. Veuillez réessayer.',
  limited: 'Plusieurs demandes ont été faites depuis votre réseau. Veuillez réessayer demain.',
  unavailable: 'Ce n’est pas possible pour le moment. Veuillez réessayer dans quelques minutes.',
  needsScript:
    'Pour éviter les demandes automatiques, ce formulaire nécessite JavaScript. Veuillez l’activer et recharger la page.',
  call: 'Ou appelez-nous : {phone}',
};
