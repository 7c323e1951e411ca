// Polish, in the same form of address as i18n/locales/pl.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'Zadzwońcie do mnie: {time}',
  'another-time': 'Wybierz inny termin',
  'queue-join': 'Zaczekaj w\u00a0kolejce',
  'queue-leave': 'Opuść kolejkę',
  'queue-offer': 'Zajmiesz {place}. miejsce w\u00a0kolejce.',
  'queue-offer-next': 'Twoja rozmowa będzie następna w\u00a0kolejce.',
  'queue-offer-wait': 'Szacowany czas oczekiwania: {duration}.',
  'queue-offer-soon': 'Szacowany czas oczekiwania to mniej niż minuta.',
  'queue-title': 'Twoje miejsce w\u00a0kolejce: {place}',
  'queue-title-next': 'Twoja rozmowa jest następna w\u00a0kolejce',
  'queue-wait': 'Szacowany czas do rozmowy: {duration}.',
  'queue-soon': 'Zadzwonimy prawdopodobnie w\u00a0ciągu minuty.',
  'queue-until': 'Zakończymy oczekiwanie, jeśli Twoja kolej nie nadejdzie do tego czasu: {time}.',
  'queue-expired-title': 'Nie zdążyliśmy zadzwonić',
  'queue-expired-detail':
    'Twoja kolej nie nadeszła w\u00a0ciągu 30\u00a0minut, więc zakończyliśmy oczekiwanie. Twój telefon nie zadzwoni w\u00a0związku z\u00a0tą prośbą.',
};
