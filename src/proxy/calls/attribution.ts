// Where a call came from: the campaign and click IDs of its page. The log gets the campaign alone. Both are stored only if the
// operator asked for it (KEEP_ATTRIBUTION), click IDs encrypted, and are deleted with the call.

import * as v from 'valibot';
import { campaignParameters } from '../../contract.js';
import { maskNumber } from '../gates/mask-number.js';
import type { Keyring } from '../secrets/keyring.js';
import type { KeptAttribution } from '../store/store.js';
import { cleanMetadata } from './metadata.js';

/** What a page said about its visitor's origin, by the names of the URL's parameters. */
export interface Attribution {
  /** `utm_…`: text that the site's owner wrote. */
  readonly campaign: Readonly<Record<string, string>>;
  /** Identifiers by which an advertising platform recognizes the click, and so the person. */
  readonly clickIds: Readonly<Record<string, string>>;
}

const campaignNames = campaignParameters.filter((name) => name.startsWith('utm_'));
const clickIdNames = campaignParameters.filter((name) => !name.startsWith('utm_'));

/** Known parameters, without the requested number (E.164). A click ID is kept whole or not at all: a part of one, which the element truncated at 512 characters, matches nothing. */
export function cleanAttribution(given: Readonly<Record<string, string>> | undefined, e164: string): Attribution {
  const campaign = Object.entries(cleanMetadata(given, campaignNames) ?? {}).map(([name, value]) => [
    name,
    maskNumber(value, e164),
  ]);
  const clickIds = clickIdNames.flatMap((name) => {
    const value = given !== undefined && Object.hasOwn(given, name) ? (given[name] ?? '') : '';
    const isClickId = /^\w[\w.~-]{0,510}$/.test(value) && maskNumber(value, e164) === value;
    return isClickId ? [[name, value] as const] : [];
  });
  return { campaign: Object.fromEntries(campaign), clickIds: Object.fromEntries(clickIds) };
}

/** What is stored with a call; undefined if there is nothing to store. */
export function sealAttribution(
  keyring: Pick<Keyring, 'seal'>,
  { campaign, clickIds }: Attribution,
): KeptAttribution | undefined {
  const hasClickIds = Object.keys(clickIds).length > 0;
  if (!hasClickIds && Object.keys(campaign).length === 0) return undefined;
  const { utm_source: source, utm_medium: medium, utm_campaign: name } = campaign;
  return {
    ...(source !== undefined && { source }),
    ...(medium !== undefined && { medium }),
    ...(name !== undefined && { campaign: name }),
    sealed: keyring.seal(JSON.stringify({ ...campaign, ...clickIds })),
  };
}

const schema = v.record(v.string(), v.string());

/** Every parameter that was stored. Throws when the key it was encrypted with is gone, or when it is malformed. */
export function openAttribution(
  keyring: Pick<Keyring, 'open'>,
  { sealed }: KeptAttribution,
): Readonly<Record<string, string>> {
  return v.parse(schema, JSON.parse(keyring.open(sealed)));
}
