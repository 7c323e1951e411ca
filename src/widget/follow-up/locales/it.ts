// Italian, in the same form of address as i18n/locales/it.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Ti chiameremo dal {number}.',
  silenced: 'Se il tuo telefono silenzia i numeri sconosciuti, salva prima il nostro.',
  'usually-rings': 'Di solito squilla entro {duration}.',
  'phrase-title': 'Il nostro agente inizierà con queste parole',
  'phrase-detail': 'Se chi chiama non le conosce, riaggancia.',
  'redial-at': 'Riproveremo una volta: {time}.',
  'redial-dropped-title': 'Non abbiamo potuto riprovare',
  'redial-dropped-detail': 'Se desideri ancora una chiamata, richiedine un’altra.',
  'message-left-title': 'Ti abbiamo lasciato un messaggio',
  'message-left-detail': 'Ascoltalo nella tua segreteria telefonica.',
  'voicemail-title': 'Ha risposto la tua segreteria telefonica',
  'voicemail-detail': 'Abbiamo chiamato, ma ha risposto la segreteria telefonica.',
  'agreed-title': 'Che cosa abbiamo concordato',
  'appointment-title': 'Il tuo appuntamento',
  'your-time': '{time} nel tuo fuso orario',
};
