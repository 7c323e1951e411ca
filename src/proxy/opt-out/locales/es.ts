// The opt-out page in Spanish.

import type { OptOutTexts } from '../opt-out-texts.js';

export const es: OptOutTexts = {
  title: '¿Quién me ha llamado?',
  intro:
    '{business} llama a las personas que solicitan una llamada en su sitio web. Si no fue usted, es posible que alguien haya introducido su número. Introdúzcalo aquí y dejaremos de llamarlo.',
  number: 'Número de teléfono',
  country: 'País',
  submit: 'No llamar más a este número',
  working: 'Un momento…',
  done: 'Listo. {business} no llamará a este número durante al menos 30 días. Para que no le llamen nunca más, dígaselo al agente cuando llame o póngase en contacto con nosotros.',
  invalid: 'Introduzca un número de teléfono completo.',
  failed: 'No ha funcionado. Inténtelo de nuevo.',
  limited: 'Ha habido varias solicitudes desde su red. Inténtelo de nuevo mañana.',
  unavailable: 'Ahora mismo no es posible. Inténtelo de nuevo en unos minutos.',
  needsScript:
    'Para evitar solicitudes automáticas, este formulario necesita JavaScript. Actívelo y vuelva a cargar la página.',
  call: 'O llámenos: {phone}',
};
