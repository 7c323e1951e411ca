// The text of the opt-out page, in the element's languages. `{business}` and `{phone}` are filled in.

/** The text in one language. */
export interface OptOutTexts {
  readonly title: string;
  readonly intro: string;
  readonly number: string;
  readonly country: string;
  readonly submit: string;
  readonly working: string;
  /** The same whether or not the number is known here. */
  readonly done: string;
  readonly invalid: string;
  readonly failed: string;
  readonly limited: string;
  readonly unavailable: string;
  readonly needsScript: string;
  readonly call: string;
}

const en: OptOutTexts = {
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

/** Every language by its code. */
export const optOutTexts: Readonly<Record<string, OptOutTexts>> = { en };

/** The text in the first language of an `Accept-Language` header that there is, with its code. */
export function textsFor(accepted: string | null): { readonly lang: string; readonly texts: OptOutTexts } {
  for (const range of (accepted ?? '').slice(0, 200).split(',')) {
    const code = range.trim().split(/[-;]/)[0]?.toLowerCase() ?? '';
    const lang = code === 'no' || code === 'nn' ? 'nb' : code;
    const texts = Object.hasOwn(optOutTexts, lang) ? optOutTexts[lang] : undefined;
    if (texts !== undefined) return { lang, texts };
  }
  return { lang: 'en', texts: en };
}
