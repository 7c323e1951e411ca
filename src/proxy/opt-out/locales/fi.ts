// The opt-out page in Finnish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const fi: OptOutTexts = {
  title: 'Kuka soitti minulle?',
  intro:
    '{business} soittaa ihmisille, jotka ovat pyytäneet puhelua sen verkkosivuilla. Jos et pyytänyt, joku on ehkä syöttänyt numerosi. Syötä se tähän, niin emme enää soita siihen.',
  number: 'Puhelinnumero',
  country: 'Maa',
  submit: 'Lopeta puhelut tähän numeroon',
  working: 'Hetkinen…',
  done: 'Valmis. {business} ei soita tähän numeroon vähintään 30 päivään. Jos haluat lopettaa puhelut kokonaan, kerro siitä puheluagentille sen soittaessa tai ota yhteyttä meihin.',
  invalid: 'Anna kokonainen puhelinnumero.',
  failed: 'Se ei onnistunut. Yritä uudelleen.',
  limited: 'Verkostasi on tullut useita pyyntöjä. Yritä uudelleen huomenna.',
  unavailable: 'Se ei ole juuri nyt mahdollista. Yritä uudelleen muutaman minuutin kuluttua.',
  needsScript:
    'Automaattisten pyyntöjen estämiseksi tämä lomake tarvitsee JavaScriptin. Ota se käyttöön ja lataa sivu uudelleen.',
  call: 'Tai soita meille: {phone}',
};
