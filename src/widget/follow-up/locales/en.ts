// English texts of what accompanies and follows a call. Part of the follow-up chunk; every other language is a chunk of its own.

/** The English table. */
export const en = {
  caller: 'We’ll call you from {number}.',
  silenced: 'If your phone silences unknown callers, save our number first.',
  'usually-rings': 'It usually rings within {duration}.',
  'phrase-title': 'Our agent will start with these words',
  'phrase-detail': 'If a caller doesn’t know them, hang up.',
  'redial-at': 'We’ll try once more at {time}.',
  'redial-dropped-title': 'We couldn’t try again',
  'redial-dropped-detail': 'If you’d still like a call, please request another one.',
  'message-left-title': 'We left you a message',
  'message-left-detail': 'Listen to your voicemail to hear it.',
  'voicemail-title': 'We reached your voicemail',
  'voicemail-detail': 'We called, but your voicemail answered.',
  'agreed-title': 'What we agreed',
  'appointment-title': 'Your appointment',
  'your-time': '{time} in your time zone',
} as const;
