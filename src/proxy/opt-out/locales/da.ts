// The opt-out page in Danish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const da: OptOutTexts = {
  title: 'Hvem har ringet til mig?',
  intro:
    '{business} ringer til personer, der har bedt om et opkald på deres hjemmeside. Hvis det ikke var dig, kan nogen have indtastet dit nummer. Indtast det her, så holder vi op med at ringe til det.',
  number: 'Telefonnummer',
  country: 'Land',
  submit: 'Stop opkald til dette nummer',
  working: 'Et øjeblik…',
  done: 'Det er gjort. {business} ringer ikke til dette nummer i mindst 30 dage. Hvis opkald skal stoppes for altid, så sig det til agenten, når den ringer, eller kontakt os.',
  invalid: 'Indtast et helt telefonnummer.',
  failed: 'Det lykkedes ikke. Prøv igen.',
  limited: 'Der har været flere anmodninger fra dit netværk. Prøv igen i morgen.',
  unavailable: 'Det er ikke muligt lige nu. Prøv igen om et par minutter.',
  needsScript:
    'For at holde automatiske anmodninger ude kræver denne formular JavaScript. Slå det til, og genindlæs siden.',
  call: 'Eller ring til os: {phone}',
};
