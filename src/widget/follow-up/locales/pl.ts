// Polish, in the same form of address as i18n/locales/pl.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Zadzwonimy z numeru {number}.',
  silenced: 'Jeśli Twój telefon wycisza nieznane numery, najpierw zapisz nasz.',
  'usually-rings': 'Zwykły czas oczekiwania na dzwonek: {duration}.',
  'phrase-title': 'Nasz asystent zacznie od tych słów',
  'phrase-detail': 'Jeśli rozmówca ich nie zna, rozłącz się.',
  'redial-at': 'Spróbujemy jeszcze raz: {time}.',
  'redial-dropped-title': 'Nie udało nam się spróbować ponownie',
  'redial-dropped-detail': 'Jeśli nadal chcesz, żebyśmy zadzwonili, poproś o\u00a0kolejną rozmowę.',
  'message-left-title': 'Zostawiliśmy Ci wiadomość',
  'message-left-detail': 'Odsłuchaj ją w\u00a0swojej poczcie głosowej.',
  'voicemail-title': 'Odezwała się Twoja poczta głosowa',
  'voicemail-detail': 'Dzwoniliśmy, ale włączyła się poczta głosowa.',
  'agreed-title': 'Nasze ustalenia',
  'appointment-title': 'Umówiony termin',
  'your-time': '{time} w\u00a0Twojej strefie czasowej',
};
