// The page's text for codes and settings. A code without one is shown as it is, so that a new one never breaks the page.

import type { Dimension, Period, Result } from '../../../owner-contract.js';

/** Periods, as filters. */
export const periodTexts: Readonly<Record<Period, string>> = {
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** Dimensions, as headings. */
export const dimensionTexts: Readonly<Record<Dimension, string>> = {
  site: 'Site',
  page: 'Page',
  campaign: 'Campaign',
  country: 'Country',
  result: 'Outcome',
};

/** Results. */
export const resultTexts: Readonly<Record<Result, string>> = {
  answered: 'Answered',
  voicemail: 'Voicemail',
  'no-answer': 'No answer',
  busy: 'Busy',
  failed: 'Failed',
  canceled: 'Canceled',
  unknown: 'Unknown',
  active: 'In progress',
  waiting: 'Waiting for its time',
};

const codeTexts: Readonly<Record<string, string>> = {
  'invalid-request': 'Malformed request',
  'idempotency-key-missing': 'No idempotency key',
  'idempotency-key-invalid': 'Malformed idempotency key',
  'idempotency-key-reused': 'Idempotency key used for another request',
  'origin-not-allowed': 'Site not allowed',
  'challenge-required': 'No solved challenge',
  'challenge-failed': 'Challenge failed or used twice',
  'challenge-unavailable': 'Challenge unavailable',
  'consent-outdated': 'Consent text had changed',
  'consent-required': 'No consent',
  'number-refused': 'Number can’t be called',
  'outside-hours': 'Outside calling hours',
  'slot-not-open': 'Chosen time no longer free',
  'visitor-limit': 'Visitor’s own limit',
  'try-later': 'Number’s own limit, or opted out',
  busy: 'Shared limit reached',
  'calls-paused': 'Calls paused: PolyAI refuses the credential or is unclear',
  'upstream-rejected': 'PolyAI rejected the call',
  'upstream-unavailable': 'PolyAI could not be reached',
  'store-unavailable': 'Database unavailable',
  'shutting-down': 'The proxy was restarting',
  'too-many-streams': 'Too many pages following calls',
  'request-in-progress': 'Repeated while the call was being placed',
  'body-too-large': 'Request too large',
  'not-cancellable': 'Too late to cancel',
  'not-found': 'Call not found',
};

const scopeTexts: Readonly<Record<string, string>> = {
  number: 'Calls to one number',
  prefix: 'Calls to one block of numbers',
  country: 'Calls to one country',
  abroad: 'Calls abroad',
  address: 'One visitor’s address',
  neighbourhood: 'One visitor’s network',
  'distinct-numbers': 'Different numbers from one address',
  attempts: 'Attempts from one address',
  site: 'One site',
  all: 'All calls',
  scheduled: 'Waiting callbacks',
  'scheduled-number': 'Waiting callbacks of one number',
  'scheduled-address': 'Waiting callbacks of one address',
  'scheduled-neighbourhood': 'Waiting callbacks of one network',
  suppressed: 'Number opted out',
  'cooling-down': 'Number cooling down',
};

const settingTexts: Readonly<Record<string, string>> = {
  LIMIT_ALL_PER_DAY: 'All calls, per day',
  LIMIT_ABROAD_PER_DAY: 'Calls abroad, per day',
  LIMIT_SITE_PER_DAY: 'Calls of one site, per day',
  LIMIT_SITE_PER_HOUR: 'Calls of one site, per hour',
  LIMIT_COUNTRY_PER_HOUR: 'Calls to one country, per hour',
  LIMIT_SCHEDULED_PER_HOUR: 'Bookings, per hour',
  LIMIT_ALL_IN_FLIGHT: 'Concurrent calls',
  LIMIT_SITE_IN_FLIGHT: 'Concurrent calls of one site',
  LIMIT_SCHEDULED: 'Waiting callbacks',
};

const outcomeTexts: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  'not-sent': 'Not sent',
  unknown: 'Unclear',
  failed: 'Failed',
  seen: 'Answered',
  missing: 'Call not found',
  denied: 'Credential refused',
};

/** Why a request was refused. */
export const codeText = (code: string): string => codeTexts[code] ?? code;
/** Which allowance refused. */
export const scopeText = (scope: string): string => scopeTexts[scope] ?? scope;
/** A limit. */
export const settingText = (setting: string): string => settingTexts[setting] ?? setting;
/** How an API request to PolyAI ended. */
export const outcomeText = (outcome: string): string => outcomeTexts[outcome] ?? outcome;
/** A result by its code, which may come from the URL. */
export const resultText = (result: string): string =>
  (resultTexts as Readonly<Record<string, string | undefined>>)[result] ?? result;
