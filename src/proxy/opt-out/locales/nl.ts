// The opt-out page in Dutch.

import type { OptOutTexts } from '../opt-out-texts.js';

export const nl: OptOutTexts = {
  title: 'Wie heeft mij gebeld?',
  intro:
    '{business} belt mensen die op de website om een telefoontje hebben gevraagd. Was u dat niet, dan heeft misschien iemand uw nummer ingevuld. Vul het hier in en wij bellen het niet meer.',
  number: 'Telefoonnummer',
  country: 'Land',
  submit: 'Dit nummer niet meer bellen',
  working: 'Een ogenblik…',
  done: 'Gelukt. {business} belt dit nummer minstens 30 dagen niet. Wilt u nooit meer gebeld worden, zeg het dan tegen de agent als die belt, of neem contact met ons op.',
  invalid: 'Vul een volledig telefoonnummer in.',
  failed: 'Dat is niet gelukt. Probeer het opnieuw.',
  limited: 'Er zijn meerdere verzoeken van uw netwerk gekomen. Probeer het morgen opnieuw.',
  unavailable: 'Dit is op dit moment niet mogelijk. Probeer het over een paar minuten opnieuw.',
  needsScript:
    'Om automatische verzoeken te weren, heeft dit formulier JavaScript nodig. Zet het aan en laad de pagina opnieuw.',
  call: 'Of bel ons: {phone}',
};
