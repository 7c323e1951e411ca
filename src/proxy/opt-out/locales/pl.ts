// The opt-out page in Polish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const pl: OptOutTexts = {
  title: 'Kto do mnie dzwonił?',
  intro:
    '{business} dzwoni do osób, które poprosiły o rozmowę na stronie internetowej. Jeśli to nie Ty, ktoś mógł podać Twój numer. Wpisz go tutaj, a przestaniemy na niego dzwonić.',
  number: 'Numer telefonu',
  country: 'Kraj',
  submit: 'Nie dzwońcie na ten numer',
  working: 'Chwileczkę…',
  done: 'Gotowe. {business} nie zadzwoni na ten numer przez co najmniej 30 dni. Aby zrezygnować z rozmów na stałe, powiedz o tym agentowi, gdy zadzwoni, lub skontaktuj się z nami.',
  invalid: 'Wpisz pełny numer telefonu.',
  failed: 'Nie udało się. Spróbuj ponownie.',
  limited: 'Z Twojej sieci przyszło kilka próśb. Spróbuj ponownie jutro.',
  unavailable: 'W tej chwili to niemożliwe. Spróbuj ponownie za kilka minut.',
  needsScript: 'Aby zatrzymać automatyczne zgłoszenia, ten formularz wymaga JavaScriptu. Włącz go i odśwież stronę.',
  call: 'Lub zadzwoń do nas: {phone}',
};
