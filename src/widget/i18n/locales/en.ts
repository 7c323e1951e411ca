// English, as far as the form needs it: the sentences of the first load. The rest is en-phases.ts.
// Choosing between tables and filling the slots in braces is words.ts's work.

/** The first part of the English table. A key is also the end of its `data-text-*` attribute. */
export const en = {
  heading: 'We’ll call you now',
  description: 'Leave your number and {agent} rings you within seconds.',
  agent: 'our AI voice agent',
  us: 'this company',
  sandbox: 'Sandbox: no real phone rings',
  country: 'Country',
  'country-choose': 'Choose a country',
  phone: 'Phone number',
  consent: 'I agree that {business} calls me on this number with an AI voice to answer my request.',
  privacy: 'Privacy',
  terms: 'Terms',
  submit: 'Call me now',
  later: 'Choose a time',
  'call-us': 'Call us instead: {number}',
  open: 'Get a call',
  close: 'Close',
  'error-offline': 'You are offline. Check your connection and try again.',
  'closed-title': 'We are closed now',
  'closed-detail': 'We are open again from {time}.',
  'fallback-title': 'Calls are not available right now',
} as const;
