// CHALLENGE: how scripts are kept out. Off only when set to `none`.

import type { SettingsReader } from './read-settings.js';

/** The challenge in force. */
export type Challenge =
  | { readonly kind: 'altcha' }
  | { readonly kind: 'turnstile'; readonly siteKey: string; readonly secret: string }
  | { readonly kind: 'none' };

/** Combines the setting with its keys. */
export function readChallenge(reader: SettingsReader): Challenge {
  const { CHALLENGE: kind, TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET: secret } = reader.values;
  if (kind !== 'turnstile') return { kind };
  for (const name of ['TURNSTILE_SITE_KEY', 'TURNSTILE_SECRET'] as const)
    if (!reader.isSet(name)) reader.missing(name, undefined, 'incomplete');
  return { kind, siteKey: siteKey ?? '', secret: secret ?? '' };
}
