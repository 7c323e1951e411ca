// Finnish, in the same form of address as i18n/locales/fi.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Soitamme sinulle numerosta {number}.',
  silenced: 'Jos puhelimesi mykistää tuntemattomat soittajat, tallenna ensin numeromme.',
  'usually-rings': 'Tavallinen odotus ennen soittoa: {duration}.',
  'phrase-title': 'Avustajamme aloittaa näillä sanoilla',
  'phrase-detail': 'Jos soittaja ei tiedä niitä, lopeta puhelu.',
  'redial-at': 'Yritämme vielä kerran: {time}.',
  'redial-dropped-title': 'Emme voineet yrittää uudelleen',
  'redial-dropped-detail': 'Jos haluat edelleen, että soitamme, jätä uusi soittopyyntö.',
  'message-left-title': 'Jätimme sinulle viestin',
  'message-left-detail': 'Kuuntele se vastaajastasi.',
  'voicemail-title': 'Puhelu meni vastaajaasi',
  'voicemail-detail': 'Soitimme, mutta vastaajasi vastasi.',
  'agreed-title': 'Mitä sovimme',
  'appointment-title': 'Ajanvarauksesi',
  'your-time': '{time} aikavyöhykkeelläsi',
};
