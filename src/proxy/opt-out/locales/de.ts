// The opt-out page in German.

import type { OptOutTexts } from '../opt-out-texts.js';

export const de: OptOutTexts = {
  title: 'Wer hat mich angerufen?',
  intro:
    '{business} ruft Menschen an, die auf der Website einen Anruf angefordert haben. Wenn Sie das nicht waren, hat vielleicht jemand Ihre Nummer eingegeben. Geben Sie sie hier ein, dann rufen wir dort nicht mehr an.',
  number: 'Telefonnummer',
  country: 'Land',
  submit: 'Anrufe an diese Nummer beenden',
  working: 'Einen Moment…',
  done: 'Erledigt. {business} ruft diese Nummer mindestens 30 Tage lang nicht an. Um Anrufe dauerhaft zu beenden, sagen Sie es dem Sprachassistenten beim nächsten Anruf oder wenden Sie sich an uns.',
  invalid: 'Bitte geben Sie eine vollständige Telefonnummer ein.',
  failed: 'Das hat nicht funktioniert. Bitte versuchen Sie es noch einmal.',
  limited: 'Aus Ihrem Netzwerk kamen mehrere Anfragen. Bitte versuchen Sie es morgen noch einmal.',
  unavailable: 'Das ist im Moment nicht möglich. Bitte versuchen Sie es in einigen Minuten noch einmal.',
  needsScript:
    'Zum Schutz vor automatischen Anfragen benötigt dieses Formular JavaScript. Bitte schalten Sie es ein und laden Sie die Seite neu.',
  call: 'Oder rufen Sie uns an: {phone}',
};
