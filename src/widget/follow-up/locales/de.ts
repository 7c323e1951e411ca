// German, in the same form of address as i18n/locales/de.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Wir rufen Sie von dieser Nummer an: {number}.',
  silenced: 'Falls Ihr Telefon unbekannte Anrufer stummschaltet, speichern Sie zuerst unsere Nummer.',
  'usually-rings': 'Meist klingelt es innerhalb von {duration}.',
  'phrase-title': 'Unser Assistent beginnt mit diesen Wörtern',
  'phrase-detail': 'Kennt der Anrufer sie nicht, legen Sie auf.',
  'redial-at': 'Wir versuchen es noch einmal: {time}.',
  'call-at': 'Rufen Sie mich an: {time}',
};
