// Czech, in the same form of address as i18n/locales/cs.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Zavoláme vám z čísla {number}.',
  silenced: 'Pokud váš telefon ztlumuje neznámá čísla, nejdřív si uložte naše číslo.',
  'usually-rings': 'Obvyklá doba do zazvonění: {duration}.',
  'phrase-title': 'Náš asistent začne těmito slovy',
  'phrase-detail': 'Pokud je volající nezná, zavěste.',
  'redial-at': 'Zkusíme to ještě jednou: {time}.',
  'redial-dropped-title': 'Nemohli jsme to zkusit znovu',
  'redial-dropped-detail': 'Pokud o\u00a0hovor stále stojíte, požádejte prosím o\u00a0další.',
  'message-left-title': 'Nechali jsme vám vzkaz',
  'message-left-detail': 'Poslechněte si ho ve své hlasové schránce.',
  'voicemail-title': 'Ozvala se vaše hlasová schránka',
  'voicemail-detail': 'Volali jsme, ale hovor přijala hlasová schránka.',
  'agreed-title': 'Na čem jsme se dohodli',
  'appointment-title': 'Domluvený termín',
  'your-time': '{time} ve vašem časovém pásmu',
};
