// Spanish, in the same form of address as i18n/locales/es.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'Le llamaremos desde el {number}.',
  silenced: 'Si su teléfono silencia las llamadas de desconocidos, guarde antes nuestro número.',
  'usually-rings': 'Normalmente suena en menos de {duration}.',
  'phrase-title': 'Nuestro agente empezará con estas palabras',
  'phrase-detail': 'Si quien llama no las conoce, cuelgue.',
  'redial-at': 'Lo intentaremos una vez más: {time}.',
  'redial-dropped-title': 'No hemos podido intentarlo de nuevo',
  'redial-dropped-detail': 'Si aún desea que le llamemos, solicite otra llamada.',
  'message-left-title': 'Le hemos dejado un mensaje',
  'message-left-detail': 'Escuche su buzón de voz.',
  'voicemail-title': 'Nos ha atendido su buzón de voz',
  'voicemail-detail': 'Hemos llamado, pero ha respondido su buzón de voz.',
  'agreed-title': 'Lo que hemos acordado',
  'appointment-title': 'Su cita',
  'your-time': '{time} en su zona horaria',
};
