// The HTML of the opt-out page. Only produces text; opt-out-route.ts decides what happened.

import { createHash } from 'node:crypto';
import type { Challenge } from '../../contract.js';
import { type OptOutTexts, textsFor } from './opt-out-texts.js';

/** What the page says besides the form. */
export type OptOutMessage = 'done' | 'invalid' | 'failed' | 'limited' | 'unavailable';

/** What the page is made of. */
export interface OptOutModel {
  readonly acceptLanguage: string | null;
  readonly business: string;
  readonly phone: string | undefined;
  /** ISO codes that may be called; the first is preselected. */
  readonly countries: readonly string[];
  readonly message?: OptOutMessage;
  /** To be solved by the page's script; without one, the form works without a script. */
  readonly challenge?: Challenge | undefined;
}

const style = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
body{margin:0;background:light-dark(#f4f6f8,#101215);color:light-dark(#191b22,#f2f3f6)}
main{box-sizing:border-box;max-inline-size:32rem;margin-inline:auto;padding:clamp(1rem,6vw,4rem) 1rem}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.2}
label{display:block;margin-block:1rem .25rem}
input,select,button{box-sizing:border-box;inline-size:100%;min-block-size:2.75rem;padding:.6rem;border:1px solid light-dark(#6b7280,#9aa1ad);border-radius:.5rem;background:light-dark(#fff,#191b22);color:inherit;font:inherit}
button{margin-block-start:1.25rem;border-color:transparent;background:light-dark(#0b57c4,#8ab4f8);color:light-dark(#fff,#101215);cursor:pointer}
:focus-visible{outline:2px solid light-dark(#0b57c4,#8ab4f8);outline-offset:2px}
.message{padding:.75rem 1rem;border:1px solid;border-radius:.5rem}
.error{color:light-dark(#b3261e,#ff9d94)}
a{color:inherit}`;

/** The policy of the page: its own style, and the script that solves the challenge. */
export const optOutPolicy: string = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page. */
export function optOutPage(model: OptOutModel): string {
  const { business, phone, message } = model;
  const { lang, texts } = textsFor(model.acceptLanguage);
  const text = (key: keyof OptOutTexts): string =>
    escaped(texts[key].replaceAll('{business}', business).replaceAll('{phone}', phone ?? ''));
  const instead = phone === undefined ? '' : `<p><a href="tel:${escaped(phone)}">${text('call')}</a></p>`;
  const isDone = message === 'done';
  const notice =
    message === undefined
      ? ''
      : `<p class="message${isDone ? '' : ' error'}" id="message" role="${isDone ? 'status' : 'alert'}">${text(message)}</p>`;
  return `<!doctype html>
<html lang="${lang}"${/^(?:ar|he)$/.test(lang) ? ' dir="rtl"' : ''}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
<title>${text('title')}</title>
<link rel="icon" href="data:," />
<style>${style}</style>
${model.challenge === undefined ? '' : '<script type="module" src="polyai-callback-opt-out.js"></script>\n'}</head>
<body>
<main>
<h1>${text('title')}</h1>
${isDone ? notice : `<p>${text('intro')}</p>\n${notice}\n${form(model, lang, text)}`}
${instead}
</main>
</body>
</html>
`;
}

function form(
  { countries, message, challenge }: OptOutModel,
  lang: string,
  text: (key: keyof OptOutTexts) => string,
): string {
  const names = new Intl.DisplayNames([lang], { type: 'region' });
  const options = countries
    .map((code) => `<option value="${escaped(code)}">${escaped(names.of(code) ?? code)}</option>`)
    .join('');
  const [only = ''] = countries;
  const country =
    countries.length > 1
      ? `<label for="country">${text('country')}</label>\n<select id="country" name="country">${options}</select>`
      : `<input type="hidden" name="country" value="${escaped(only)}" />`;
  const isWrong = message === 'invalid';
  const puzzle =
    challenge === undefined
      ? ''
      : ` data-challenge="${escaped(JSON.stringify(challenge))}" data-working="${text('working')}"`;
  return `<form method="post" action="me"${puzzle}>
${country}
<label for="number">${text('number')}</label>
<input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" dir="ltr" required maxlength="40"${isWrong ? ' aria-invalid="true" aria-describedby="message"' : ''} />
<input type="hidden" name="solution" />
<input type="hidden" name="call" />
<button>${text('submit')}</button>
<p role="status"></p>
</form>
${challenge === undefined ? '' : `<noscript><p class="message">${text('needsScript')}</p></noscript>`}`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text between tags, or between double quotes. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
