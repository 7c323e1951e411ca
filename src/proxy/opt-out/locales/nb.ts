// The opt-out page in Norwegian Bokmål.

import type { OptOutTexts } from '../opt-out-texts.js';

export const nb: OptOutTexts = {
  title: 'Hvem ringte meg?',
  intro:
    '{business} ringer til personer som har bedt om en samtale på nettstedet. Hvis det ikke var deg, kan noen ha oppgitt nummeret ditt. Skriv det inn her, så slutter vi å ringe det.',
  number: 'Telefonnummer',
  country: 'Land',
  submit: 'Stopp samtaler til dette nummeret',
  working: 'Et øyeblikk…',
  done: 'Ferdig. {business} ringer ikke dette nummeret på minst 30 dager. For å stoppe samtaler for godt, si det til agenten når den ringer, eller kontakt oss.',
  invalid: 'Skriv inn et helt telefonnummer.',
  failed: 'Det fungerte ikke. Prøv igjen.',
  limited: 'Det har kommet flere forespørsler fra nettverket ditt. Prøv igjen i morgen.',
  unavailable: 'Det er ikke mulig akkurat nå. Prøv igjen om noen minutter.',
  needsScript:
    'For å holde automatiske forespørsler ute trenger dette skjemaet JavaScript. Slå det på og last inn siden på nytt.',
  call: 'Eller ring oss: {phone}',
};
