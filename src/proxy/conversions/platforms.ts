// The files that advertising platforms import: qualified calls by click ID, in each platform's documented format. A file contains
// no phone number, and nothing else about a person. docs/analytics.md names the sources.

import type { QualifiedCall } from './qualified-call.js';

/** What the operator decides about a file. */
export interface ConversionOptions {
  /** The conversion's name, as it was created on the platform. */
  readonly name: string;
  /** What each conversion is worth, in `currency`. */
  readonly value?: number;
  /** ISO 4217. */
  readonly currency?: string;
  /** The visitors' consent to advertising, for platforms that ask. */
  readonly consent?: 'granted' | 'denied';
  /** When the file is written, epoch milliseconds. */
  readonly now: number;
}

/** Why a qualified call is not in a file. */
export type LeftOut = 'no-click-id' | 'too-old';

/** One platform's format. */
export interface Platform {
  /** Its name. */
  readonly title: string;
  /** The URL parameter with its click ID. */
  readonly parameter: string;
  /** Its other click IDs, which a file cannot contain. */
  readonly otherParameters: readonly string[];
  /** How long after a conversion it can be imported, days. */
  readonly daysAccepted: number;
  /** The conversion's name if the operator names none; without it, a name is required. */
  readonly defaultName?: string;
  /** The lines before the conversions. */
  head(options: ConversionOptions): readonly string[];
  /** The lines of these conversions; at most `pageSize` of them are passed at once. */
  lines(calls: readonly ClickedCall[], options: ConversionOptions): readonly string[];
}

/** A qualified call with a click ID of the platform. */
export interface ClickedCall extends QualifiedCall {
  readonly clickId: string;
}

/** The most conversions passed to {@link Platform.lines} at once: Meta accepts this many events in a request. */
export const pageSize = 1_000;

const dayMs = 24 * 3_600_000;

/** The names of the platforms on the command line. */
export const platformNames = ['google', 'meta', 'microsoft'] as const;
/** One of {@link platformNames}. */
export type PlatformName = (typeof platformNames)[number];

/** The platforms. */
export const platforms: Readonly<Record<PlatformName, Platform>> = {
  google: {
    title: 'Google Ads',
    parameter: 'gclid',
    // The file has one column for click IDs, which takes GCLIDs; the others are for Google's API.
    otherParameters: ['gbraid', 'wbraid'],
    daysAccepted: 90,
    head: ({ consent }) => [
      timeZone,
      [
        ...columnsAfter('Google Click ID'),
        ...(consent === undefined ? [] : ['Ad User Data', 'Ad Personalization']),
      ].join(','),
    ],
    lines: (calls, options) => {
      const word = options.consent === 'granted' ? 'Granted' : 'Denied';
      const more = options.consent === undefined ? [] : [word, word];
      return calls.map((call) => [...cells(call, options), ...more].join(','));
    },
  },
  microsoft: {
    title: 'Microsoft Advertising',
    parameter: 'msclkid',
    otherParameters: [],
    daysAccepted: 90,
    head: () => [timeZone, columnsAfter('Microsoft Click ID').join(',')],
    lines: (calls, options) => calls.map((call) => cells(call, options).join(',')),
  },
  meta: {
    title: 'Meta',
    parameter: 'fbclid',
    otherParameters: [],
    // One older event makes Meta reject the whole request.
    daysAccepted: 7,
    // The same name and event ID as the recipe for the page, so that Meta counts a call once.
    defaultName: 'QualifiedCallback',
    head: () => [],
    lines: (calls, options) =>
      calls.length === 0 ? [] : [JSON.stringify({ data: calls.map((call) => metaEvent(call, options)) })],
  },
};

/** The call with its click ID, or why it is left out. */
export function clickedCall(call: QualifiedCall, platform: Platform, now: number): ClickedCall | LeftOut {
  const clickId = call.clickIds[platform.parameter] ?? '';
  if (!isClickId(clickId)) return 'no-click-id';
  if (call.answeredAt <= now - platform.daysAccepted * dayMs) return 'too-old';
  return { ...call, clickId };
}

/** The format of click IDs. Anything else, such as a formula for a spreadsheet, was written by somebody else. */
const isClickId = (text: string): boolean => /^\w[\w.~-]{9,511}$/.test(text);

const timeZone = 'Parameters:TimeZone=+0000';
const columnsAfter = (clickId: string): readonly string[] => [
  clickId,
  'Conversion Name',
  'Conversion Time',
  'Conversion Value',
  'Conversion Currency',
];

const cells = (
  { clickId, answeredAt }: ClickedCall,
  { name, value, currency }: ConversionOptions,
): readonly string[] => [
  clickId,
  quoted(name),
  new Date(answeredAt).toISOString().slice(0, 19).replace('T', ' '),
  value === undefined ? '' : String(value),
  value === undefined ? '' : (currency ?? ''),
];

/** A quoted CSV field (RFC 4180) that no spreadsheet interprets as a formula. */
const quoted = (text: string): string => `"${text.replace(/^[=+@\t\r-]+/, '').replaceAll('"', '""')}"`;

/** One server event of Meta's Conversions API. Its click ID is written as in the `_fbc` cookie. */
const metaEvent = (
  { id, requestedAt, answeredAt, clickId }: ClickedCall,
  { name, value, currency }: ConversionOptions,
): object => ({
  event_name: name,
  event_time: Math.floor(answeredAt / 1_000),
  event_id: `${id}-talked`,
  action_source: 'phone_call',
  user_data: { fbc: `fb.1.${String(requestedAt)}.${clickId}` },
  ...(value !== undefined && { custom_data: { value, ...(currency !== undefined && { currency }) } }),
});
