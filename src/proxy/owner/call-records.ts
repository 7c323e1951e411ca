// A call as a record for people and spreadsheets: its columns, how a number is masked, how a cell is written. It reads nothing.

import type { CallOutcome } from '../../contract.js';
import type { Keyring } from '../secrets/keyring.js';
import type { CallDetails } from '../store/store.js';
import { openRequest } from '../calls/sealed-request.js';
import { openOutcome } from '../outcomes/stored-outcome.js';

/** The columns, in order. */
export const columns = [
  'id',
  'created',
  'status',
  'because',
  'answered_by',
  'disposition',
  'scheduled_for',
  'number',
  'person',
  'country',
  'site',
  'page',
  'campaign',
  'locale',
  'consent',
  'polyai_id',
  'last_change',
] as const;
/** One of {@link columns}. */
export type Column = (typeof columns)[number];

/** One call, each column as text; empty if there is nothing. */
export type CallRecord = Readonly<Record<Column, string>>;

/** What a record is created from. */
export interface RecordOptions {
  readonly keyring: Pick<Keyring, 'open'>;
  readonly showNumbers: boolean;
}

/** Creates a record. A number is stored only until its callback is placed; `person` is the same for all calls to one number. */
export function recordOf(
  { call, numberKey, sealedRequest, consent, country, attribution }: CallDetails,
  options: RecordOptions,
): CallRecord {
  return {
    id: call.id,
    created: new Date(call.createdAt).toISOString(),
    status: call.status,
    because: call.endedBecause ?? '',
    answered_by: call.outcome?.answeredBy ?? '',
    disposition: call.outcome?.disposition ?? '',
    scheduled_for: call.scheduledFor?.at ?? '',
    number: sealedRequest === undefined ? '' : numberIn(sealedRequest, options),
    person: numberKey.slice(numberKey.lastIndexOf(':') + 1).slice(0, 12),
    country: country ?? '',
    site: call.origin,
    page: consent?.page ?? '',
    campaign: attribution?.campaign ?? '',
    locale: consent?.locale ?? '',
    consent: consent?.hash ?? '',
    polyai_id: call.upstreamId ?? '',
    last_change: call.history.at(-1)?.at ?? '',
  };
}

function numberIn(sealed: string, { keyring, showNumbers }: RecordOptions): string {
  try {
    const { e164 } = openRequest(keyring, sealed).number;
    return showNumbers ? e164 : maskedE164(e164);
  } catch {
    // Sealed with a key that is no longer available.
    return '?';
  }
}

/** A masked number that only its owner recognizes: the first three and the last two characters. */
export const maskedE164 = (e164: string): string =>
  `${e164.slice(0, 3)}${'•'.repeat(Math.max(0, e164.length - 5))}${e164.slice(-2)}`;

/** What the agent reported, decrypted; undefined if there is nothing, or the key it was sealed with is no longer available. */
export function outcomeIn(
  { call }: Pick<CallDetails, 'call'>,
  keyring: Pick<Keyring, 'open'>,
): CallOutcome | undefined {
  try {
    return openOutcome(keyring, call);
  } catch {
    return undefined;
  }
}

/** One call as a line of an export. JSONL has the record's columns, the whole journal, the agent's report and the consent record. */
export function exportLine(format: 'csv' | 'jsonl', details: CallDetails, options: RecordOptions): string {
  const record = recordOf(details, options);
  if (format === 'csv') return csvLine(columns.map((column) => record[column]));
  const { call, consent } = details;
  const outcome = outcomeIn(details, options.keyring);
  return JSON.stringify({
    ...record,
    journal: call.history,
    ...(outcome && { outcome }),
    ...(consent && { consent }),
  });
}

/** One line of CSV (RFC 4180). */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

/** Where a formula can begin: at the start, and after what separates cells in other locales, whatever the quotes. Full-width signs count too. */
const formulaStart = /(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])/g;

/** A cell that a spreadsheet could mistake for a formula gets an apostrophe before it; a phone number does not. */
function csvCell(text: string): string {
  const isNumber = /^\+\d{1,15}$/.test(text) || /^\+\d+•+\d+$/.test(text);
  const safe = isNumber ? text : text.replace(/^(?=[\t\r\n])/, "'").replace(formulaStart, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
