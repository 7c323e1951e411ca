// The body of `POST /v1/calls`, from what the visitor wants and what the page says.

import { hexOf } from '../internal/hex.js';
import type { CallIntent } from './result.js';
import type { CallRequest, ChallengeAnswer, ConsentGiven } from '../../contract.js';

/** What the page says about a call beside the number. */
export interface CallContext extends Pick<CallRequest, 'locale' | 'attribution' | 'metadata'> {
  /** As shown. The version is computed here where it is left out and the page can hash. */
  readonly consent: ConsentGiven;
}

/** Builds the request. */
export async function callRequest(
  intent: CallIntent,
  { consent, locale, attribution, metadata }: CallContext,
  widgetVersion: string,
  challenge: ChallengeAnswer | undefined,
): Promise<CallRequest> {
  const version = consent.version ?? (await versionOf(consent.text));
  const timeZone = browserZone();
  const { origin, pathname, protocol } = location;
  return {
    ...intent,
    consent: version === undefined ? consent : { ...consent, version },
    locale,
    widgetVersion,
    ...(challenge && { challenge }),
    ...(timeZone && { timeZone }),
    // Without query and fragment, which may name people; a page without an address of its own (srcdoc, file) has none to give.
    ...(protocol.startsWith('http') && { page: origin + pathname }),
    ...(hasKeys(attribution) && { attribution }),
    ...(hasKeys(metadata) && { metadata }),
  };
}

/** IANA zone of the browser, where it tells one. */
export const browserZone = (): string | undefined => Intl.DateTimeFormat().resolvedOptions().timeZone;

const hasKeys = (record: object | undefined): boolean => record !== undefined && Object.keys(record).length > 0;

/** First 16 hex digits of the SHA-256 of the text; undefined on a page that is no secure context. */
async function versionOf(text: string): Promise<string | undefined> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  const hash = await subtle?.digest('SHA-256', new TextEncoder().encode(text));
  if (hash === undefined) return undefined;
  return hexOf(new Uint8Array(hash, 0, 8));
}
