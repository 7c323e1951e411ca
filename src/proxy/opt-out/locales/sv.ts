// The opt-out page in Swedish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const sv: OptOutTexts = {
  title: 'Vem ringde mig?',
  intro:
    '{business} ringer personer som har begärt ett samtal på webbplatsen. Om det inte var du kan någon ha angett ditt nummer. Ange det här så slutar vi ringa det.',
  number: 'Telefonnummer',
  country: 'Land',
  submit: 'Sluta ringa det här numret',
  working: 'Ett ögonblick…',
  done: 'Klart. {business} ringer inte det här numret på minst 30 dagar. Om du aldrig vill bli uppringd igen, säg det till agenten när den ringer eller kontakta oss.',
  invalid: 'Ange ett fullständigt telefonnummer.',
  failed: 'Det fungerade inte. Försök igen.',
  limited: 'Det har kommit flera förfrågningar från ditt nätverk. Försök igen i morgon.',
  unavailable: 'Det går inte just nu. Försök igen om några minuter.',
  needsScript:
    'För att hålla automatiska förfrågningar ute kräver formuläret JavaScript. Slå på det och ladda om sidan.',
  call: 'Eller ring oss: {phone}',
};
