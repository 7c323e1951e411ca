// The opt-out page in Italian.

import type { OptOutTexts } from '../opt-out-texts.js';

export const it: OptOutTexts = {
  title: 'Chi mi ha chiamato?',
  intro:
    '{business} chiama le persone che hanno richiesto una chiamata sul suo sito. In caso contrario, qualcuno potrebbe aver inserito il tuo numero. Inseriscilo qui e non lo chiameremo più.',
  number: 'Numero di telefono',
  country: 'Paese',
  submit: 'Non chiamare più questo numero',
  working: 'Un momento…',
  done: 'Fatto. {business} non chiamerà questo numero per almeno 30 giorni. Per non ricevere mai più chiamate, dillo all’agente quando chiama oppure contattaci.',
  invalid: 'Inserisci un numero di telefono completo.',
  failed: 'Non ha funzionato. Riprova.',
  limited: 'Sono arrivate diverse richieste dalla tua rete. Riprova domani.',
  unavailable: 'Al momento non è possibile. Riprova tra qualche minuto.',
  needsScript: 'Per evitare richieste automatiche, questo modulo richiede JavaScript. Attivalo e ricarica la pagina.',
  call: 'Oppure chiamaci: {phone}',
};
