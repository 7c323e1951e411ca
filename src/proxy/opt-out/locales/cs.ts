// The opt-out page in Czech.

import type { OptOutTexts } from '../opt-out-texts.js';

export const cs: OptOutTexts = {
  title: 'Kdo mi volal?',
  intro:
    '{business} volá lidem, kteří si na jejím webu vyžádali hovor. Pokud jste to nebyli vy, někdo mohl zadat vaše číslo. Zadejte ho zde a přestaneme na něj volat.',
  number: 'Telefonní číslo',
  country: 'Země',
  submit: 'Nevolat na toto číslo',
  working: 'Okamžik…',
  done: 'Hotovo. {business} nebude na toto číslo volat nejméně 30 dní. Chcete-li hovory zastavit natrvalo, řekněte to hlasovému agentovi, až zavolá, nebo nás kontaktujte.',
  invalid: 'Zadejte prosím úplné telefonní číslo.',
  failed: 'To se nepodařilo. Zkuste to prosím znovu.',
  limited: 'Z vaší sítě přišlo několik žádostí. Zkuste to prosím znovu zítra.',
  unavailable: 'Momentálně to není možné. Zkuste to prosím znovu za několik minut.',
  needsScript:
    'Kvůli ochraně před automatickými žádostmi tento formulář vyžaduje JavaScript. Zapněte ho prosím a načtěte stránku znovu.',
  call: 'Nebo nám zavolejte: {phone}',
};
