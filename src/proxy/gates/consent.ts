// No phone rings without a provable consent: the text as shown, its hash, and the circumstances.

import { createHash } from 'node:crypto';
import { maskNumber, maskNumberInPath } from './mask-number.js';
import type { RequestedCall } from '../http/request-schemas.js';
import type { ConsentRecord } from '../store/store.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What the proxy itself knows about the request. */
export interface ConsentCircumstances {
  readonly origin: string;
  readonly addressTruncated: string;
  readonly at: number;
}

/** The gate: returns the record to store, or a refusal. */
export type ConsentGate = (
  callRequest: RequestedCall,
  circumstances: ConsentCircumstances,
  e164: string,
) => Verdict<ConsentRecord>;

/** First 16 hex digits of the SHA-256 of a consent text's UTF-8: its version. */
export const consentVersion = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);

/** Creates the gate. `siteText` is the text in `GET /v1/site`, when the operator set one. */
export function createConsentGate(siteText: string | undefined): ConsentGate {
  return function consentGate({ consent, locale, widgetVersion, page }, circumstances, e164) {
    if (consent === undefined || consent.text.trim() === '') return refuse({ code: 'consent-required' });
    const hash = consentVersion(consent.text);
    // The claimed version does not match the text: what was shown is not what would be recorded.
    if (consent.version !== undefined && consent.version !== hash) return refuse({ code: 'consent-outdated' });
    if (consent.source === 'site' && consent.text !== siteText) return refuse({ code: 'consent-outdated' });
    return allow({
      ...consent,
      // The hash covers the text as shown; the record is kept for years and contains no plaintext number.
      text: maskNumber(consent.text, e164),
      hash,
      // Both are the page's text as well, and long enough for a number.
      locale: maskNumber(locale, e164),
      widgetVersion: maskNumber(widgetVersion, e164),
      ...(page !== undefined && { page: maskNumberInPath(page, e164) }),
      ...circumstances,
    });
  };
}
