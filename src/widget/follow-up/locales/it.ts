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
  'call-at': 'Chiamatemi: {time}',
};
