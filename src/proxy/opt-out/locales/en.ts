// The opt-out page in English.

import type { OptOutTexts } from '../opt-out-texts.js';

export const en: OptOutTexts = {
  title: 'Who called me?',
  intro:
    '{business} calls people who requested a call on its website. If you did not, somebody may have entered your number. Enter it here and we will stop calling it.',
  number: 'Phone number',
  country: 'Country',
  submit: 'Stop calls to this number',
  working: 'One moment…',
  done: 'Done. {business} will not call this number for at least 30 days. To stop calls for good, tell the agent when it calls, or contact us.',
  invalid: 'Please enter a complete phone number.',
  failed: 'That did not work. Please try again.',
  limited: 'There have been several requests from your network. Please try again tomorrow.',
  unavailable: 'This is not possible at the moment. Please try again in a few minutes.',
  needsScript: 'To keep out automated requests, this form needs JavaScript. Please turn it on and reload the page.',
  call: 'Or call us: {phone}',
};
