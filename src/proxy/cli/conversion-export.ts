// `export --conversions`: qualified calls as a file that an advertising platform imports. The formats are in conversions/.

import { openAttribution } from '../calls/attribution.js';
import {
  clickedCall,
  type ClickedCall,
  type ConversionOptions,
  type LeftOut,
  pageSize,
  type Platform,
  platformNames,
  platforms,
} from '../conversions/platforms.js';
import { defaultQualifiedSeconds, type Qualification, qualifiedCall } from '../conversions/qualified-call.js';
import { type Disposition, dispositions } from '../../contract.js';
import type { Keyring } from '../secrets/keyring.js';
import type { CallDetails } from '../store/store.js';

/** What the command line says about the file. */
export interface ConversionRequest {
  readonly platform: Platform;
  readonly options: ConversionOptions;
  readonly qualification: Qualification;
}

/** Where the file goes. */
export interface ConversionOutput {
  readonly write: (line: string) => void;
  /** Progress and advice. */
  readonly note: (line: string) => void;
}

type Parsed<T> = { readonly value: T } | { readonly wrong: string };

/** Parses the options of `export --conversions`. */
export function conversionRequestOf(
  options: Readonly<Record<string, string | boolean | undefined>>,
  now: number,
): Parsed<ConversionRequest> {
  const { conversions, name, value, currency, consent, disposition, 'qualified-after': after } = options;
  const platformName = platformNames.find((one) => one === conversions);
  if (platformName === undefined) return { wrong: `--conversions: expected ${platformNames.join(', ')}.` };
  if (options['format'] !== undefined) return { wrong: '--format: the platform determines the format.' };
  if (options['show-numbers'] === true) return { wrong: '--show-numbers: a file of conversions contains no numbers.' };
  const platform = platforms[platformName];
  const conversionName = typeof name === 'string' && name.trim() !== '' ? name.trim() : platform.defaultName;
  if (conversionName === undefined)
    return { wrong: `--name: expected the name of the conversion as you created it in ${platform.title}.` };
  if (conversionName.length > 100) return { wrong: '--name: expected at most 100 characters.' };
  if (typeof value === 'string' && !/^\d{1,9}(?:\.\d{1,2})?$/.test(value))
    return { wrong: '--value: expected an amount such as 40 or 12.50.' };
  if (typeof currency === 'string' && !/^[A-Z]{3}$/.test(currency))
    return { wrong: '--currency: expected an ISO 4217 code such as USD.' };
  if ((value === undefined) !== (currency === undefined)) return { wrong: '--value and --currency go together.' };
  if (consent !== undefined && consent !== 'granted' && consent !== 'denied')
    return { wrong: '--consent: expected granted or denied.' };
  if (consent !== undefined && platformName !== 'google') return { wrong: '--consent: only Google Ads takes it.' };
  if (typeof after === 'string' && !/^\d{1,5}$/.test(after))
    return { wrong: '--qualified-after: expected a number of seconds such as 30.' };
  const counted = typeof disposition === 'string' ? dispositionsIn(disposition) : undefined;
  if (typeof disposition === 'string' && counted === undefined)
    return { wrong: `--disposition: expected some of ${dispositions.join(', ')}.` };
  return {
    value: {
      platform,
      qualification: {
        seconds: typeof after === 'string' ? Number(after) : defaultQualifiedSeconds,
        ...(counted !== undefined && { dispositions: counted }),
      },
      options: {
        name: conversionName,
        ...(typeof value === 'string' && { value: Number(value) }),
        ...(typeof currency === 'string' && { currency }),
        ...(consent !== undefined && { consent }),
        now,
      },
    },
  };
}

function dispositionsIn(text: string): readonly Disposition[] | undefined {
  const words = text.split(',').map((word) => word.trim());
  const known = words.flatMap((word) => dispositions.find((one) => one === word) ?? []);
  return known.length === words.length ? known : undefined;
}

/** Writes the file, and notes how many calls are in it and why others are not. */
export async function writeConversions(
  pages: AsyncIterable<readonly CallDetails[]>,
  { platform, options, qualification }: ConversionRequest,
  keyring: Pick<Keyring, 'open'>,
  { write, note }: ConversionOutput,
): Promise<void> {
  const leftOut: Record<LeftOut | 'other-click-id' | 'unreadable', number> = {
    'no-click-id': 0,
    'other-click-id': 0,
    'too-old': 0,
    unreadable: 0,
  };
  let written = 0;
  let page: ClickedCall[] = [];
  const flush = (): void => {
    for (const line of platform.lines(page, options)) write(line);
    written += page.length;
    page = [];
  };
  for (const line of platform.head(options)) write(line);
  for await (const calls of pages) {
    for (const { call, attribution } of calls) {
      const qualified = qualifiedCall({ ...call, clickIds: {} }, qualification);
      if (qualified === undefined) continue;
      const parameters = attribution && opened(keyring, attribution);
      if (attribution !== undefined && parameters === undefined) {
        leftOut.unreadable += 1;
        continue;
      }
      const clicked = clickedCall({ ...qualified, clickIds: parameters ?? {} }, platform, options.now);
      if (typeof clicked === 'object') page.push(clicked);
      else if (clicked === 'no-click-id' && platform.otherParameters.some((name) => parameters?.[name] !== undefined))
        leftOut['other-click-id'] += 1;
      else leftOut[clicked] += 1;
      if (page.length === pageSize) flush();
    }
  }
  flush();
  note(`Exported ${String(written)} conversions for ${platform.title}.`);
  const reasons = [
    [leftOut['no-click-id'], `have no ${platform.parameter}`],
    [leftOut['other-click-id'], `have only ${platform.otherParameters.join(' or ')}, which this file cannot contain`],
    [leftOut['too-old'], `are older than the ${String(platform.daysAccepted)} days that ${platform.title} accepts`],
    [leftOut.unreadable, 'were encrypted with a key that is no longer configured'],
  ] as const;
  for (const [count, reason] of reasons)
    if (count > 0) note(`Left out: ${String(count)} qualified calls that ${reason}.`);
}

function opened(
  keyring: Pick<Keyring, 'open'>,
  attribution: NonNullable<CallDetails['attribution']>,
): Readonly<Record<string, string>> | undefined {
  try {
    return openAttribution(keyring, attribution);
  } catch {
    return undefined;
  }
}
