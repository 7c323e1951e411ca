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
  'redial-dropped-title': 'Ein weiterer Versuch war nicht möglich',
  'redial-dropped-detail': 'Wenn Sie weiterhin einen Anruf wünschen, fordern Sie bitte einen neuen an.',
  'message-left-title': 'Wir haben Ihnen eine Nachricht hinterlassen',
  'message-left-detail': 'Hören Sie dazu Ihre Mailbox ab.',
  'voicemail-title': 'Wir haben Ihre Mailbox erreicht',
  'voicemail-detail': 'Wir haben angerufen, aber Ihre Mailbox hat den Anruf angenommen.',
  'agreed-title': 'Das haben wir vereinbart',
  'appointment-title': 'Ihr Termin',
  'your-time': '{time} in Ihrer Zeitzone',
};
