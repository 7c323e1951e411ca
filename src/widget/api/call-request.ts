// The body of `POST /v1/calls`, from the visitor's input and the page's settings.

import { hexOf } from '../internal/hex.js';
import { widgetVersion } from '../internal/version.js';
import type { CallIntent } from './result.js';
import type { CallRequest, ChallengeAnswer, ConsentGiven } from '../../contract.js';

/** The page's part of a request, besides the number. */
export interface CallContext extends Pick<CallRequest, 'locale' | 'attribution' | 'metadata'> {
  /** As shown. If the version is missing, it is computed here where the page can hash. */
  readonly consent: ConsentGiven;
}

/** Builds the request. */
export async function callRequest(
  intent: CallIntent,
  { consent, locale, attribution, metadata }: CallContext,
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
    // Without query and fragment, which may name people; a page without a web URL (srcdoc, file) sends none.
    ...(protocol.startsWith('http') && { page: origin + pathname }),
    ...(hasKeys(attribution) && { attribution }),
    ...(hasKeys(metadata) && { metadata }),
  };
}

/** IANA zone of the browser, if available. */
export const browserZone = (): string | undefined => Intl.DateTimeFormat().resolvedOptions().timeZone;

const hasKeys = (record: object | undefined): boolean => record !== undefined && Object.keys(record).length > 0;

/** First 16 hex digits of the SHA-256 of the text; undefined outside a secure context. */
async function versionOf(text: string): Promise<string | undefined> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  const hash = await subtle?.digest('SHA-256', new TextEncoder().encode(text));
  if (hash === undefined) return undefined;
  return hexOf(new Uint8Array(hash, 0, 8));
}
