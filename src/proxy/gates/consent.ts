// No phone rings without a consent that can be shown later: the words as read, their hash, and the circumstances.

import { createHash } from 'node:crypto';
import { maskNumber, maskNumberInPath } from './mask-number.js';
import type { RequestedCall } from '../http/request-schemas.js';
import type { ConsentRecord } from '../store/store.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What the proxy itself knows of the request. */
export interface ConsentCircumstances {
  readonly origin: string;
  readonly addressTruncated: string;
  readonly at: number;
}

/** The gate: the record to keep, or why there is none. */
export type ConsentGate = (
  callRequest: RequestedCall,
  circumstances: ConsentCircumstances,
  e164: string,
) => Verdict<ConsentRecord>;

/** First 16 hex digits of the SHA-256 of a consent text's UTF-8: its version. */
export const consentVersion = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);

/** Makes the gate. `siteText` is the text that `GET /v1/site` gives out, when the operator set one. */
export function createConsentGate(siteText: string | undefined): ConsentGate {
  return function consentGate({ consent, locale, widgetVersion, page }, circumstances, e164) {
    if (consent === undefined || consent.text.trim() === '') return refuse({ code: 'consent-required' });
    const hash = consentVersion(consent.text);
    // The page claims another version than its own text has: what was shown is not what is recorded.
    if (consent.version !== undefined && consent.version !== hash) return refuse({ code: 'consent-outdated' });
    if (consent.source === 'site' && consent.text !== siteText) return refuse({ code: 'consent-outdated' });
    return allow({
      ...consent,
      // The hash is of the text as shown; the record is kept for years and holds no number in clear.
      text: maskNumber(consent.text, e164),
      hash,
      locale,
      widgetVersion,
      ...(page !== undefined && { page: maskNumberInPath(page, e164) }),
      ...circumstances,
    });
  };
}
