// French, in the same form of address as i18n/locales/fr.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Nous vous appellerons depuis le {number}.',
  silenced: 'Si votre téléphone met en silencieux les appels inconnus, enregistrez d’abord notre numéro.',
  'usually-rings': 'Il sonne généralement en moins de {duration}.',
  'phrase-title': 'Notre agent commencera par ces mots',
  'phrase-detail': 'Si la personne qui appelle ne les connaît pas, raccrochez.',
  'redial-at': 'Nous réessaierons une fois : {time}.',
  'redial-dropped-title': 'Nous n’avons pas pu réessayer',
  'redial-dropped-detail': 'Si vous souhaitez toujours un appel, demandez-en un autre.',
  'message-left-title': 'Nous vous avons laissé un message',
  'message-left-detail': 'Consultez votre messagerie vocale pour l’écouter.',
  'voicemail-title': 'Nous avons joint votre messagerie vocale',
  'voicemail-detail': 'Nous avons appelé, mais votre messagerie vocale a répondu.',
  'agreed-title': 'Ce que nous avons convenu',
  'appointment-title': 'Votre rendez-vous',
  'your-time': '{time} dans votre fuseau horaire',
};
