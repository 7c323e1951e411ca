// CHALLENGE: how people are told from scripts. Off only when somebody wrote so.

import { masked, oneOf, type Reader } from './env-reader.js';

/** The challenge in force. */
export type Challenge =
  | { readonly kind: 'altcha' }
  | { readonly kind: 'turnstile'; readonly siteKey: string; readonly secret: string }
  | { readonly kind: 'none' };

/** Reads the setting; the default is proof of work. */
export function readChallenge(reader: Reader): Challenge {
  const kind =
    reader.optional('CHALLENGE', 'altcha, turnstile or none', oneOf(['altcha', 'turnstile', 'none'])) ?? 'altcha';
  if (kind !== 'turnstile') return { kind };
  const key = (name: string, isSecret: boolean): string => {
    const expected = "the key as Cloudflare's dashboard shows it";
    const text = reader.text(name);
    if (text === undefined) reader.missing(name, expected, 'half-set');
    else if (!/^[\w.-]{10,200}$/.test(text))
      reader.note({
        code: 'malformed',
        variable: name,
        seen: isSecret ? masked(text) : JSON.stringify(text),
        expected,
      });
    return text ?? '';
  };
  return { kind, siteKey: key('TURNSTILE_SITE_KEY', false), secret: key('TURNSTILE_SECRET', true) };
}
