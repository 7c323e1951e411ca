// English, as far as the form needs it: the sentences of the first load. The rest is en-phases.ts.
// Choosing between tables and filling the placeholders is localizer.ts's work.

/** The first part of the English table. A key is also the end of its `data-text-*` attribute. */
export const en = {
  heading: 'Get a call now',
  description: 'Enter your number and {agent} will call you within seconds.',
  agent: 'our AI voice agent',
  us: 'this company',
  sandbox: 'Sandbox: no real phone will ring',
  country: 'Country',
  'country-choose': 'Choose a country',
  phone: 'Phone number',
  // Legal text, so no contractions.
  consent: 'I agree to receive a call from {business} at this number from an AI voice agent about my request.',
  privacy: 'Privacy',
  terms: 'Terms',
  'opt-out': 'Who called me?',
  submit: 'Call me now',
  later: 'Choose a time',
  'call-us': 'Call us instead: {number}',
  open: 'Get a call',
  close: 'Close',
  'error-offline': 'You’re offline. Check your connection and try again.',
  'closed-title': 'We’re closed right now',
  'closed-detail': 'We open again {time}.',
  'fallback-title': 'Calls aren’t available right now',
} as const;
