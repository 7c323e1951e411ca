// The operator's settings for hours: plain data, and the reading of them from the environment's text. Reads no file and
// no environment itself.
import { type Profile } from '../hours/rules.js';
import { readWeek, weekForm } from './week-syntax.js';
import type { Week } from '../hours/week.js';
import { knownZone } from '../hours/zone-clock.js';

/** When the business's agent answers, on the business's own clock, and what the page does when it does not. */
export type BusinessHours = {
  readonly zone: string;
  readonly week: Week;
  /** `hide`: the page's own fallback; `message`: say so; `schedule`: offer times. */
  readonly whenClosed: 'hide' | 'message' | 'schedule';
};

/** Everything the hours depend on. */
export type HoursSettings = {
  readonly profile: Profile;
  /** The operator's own hours on every called number's clocks. They narrow the profile; with `off` they stand alone. */
  readonly own?: Week;
  /** Dates without calls, at the number's place and at the business's: YYYY-MM-DD, or MM-DD for every year. */
  readonly closed: ReadonlySet<string>;
  readonly business?: BusinessHours;
  /** Minutes a call needs before the hours end, 0 to 120. */
  readonly roomMinutes: number;
};

/** One setting that cannot be read. */
export type SettingMistake = { readonly variable: string; readonly seen: string; readonly expected: string };

/** The settings, or every mistake in them. */
export type SettingsReading =
  | { readonly ok: true; readonly settings: HoursSettings }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/** The variables that are read; all are optional. */
export const hoursVariables = [
  'HOURS_PROFILE',
  'CALL_HOURS',
  'CALL_ROOM_MINUTES',
  'CLOSED_DATES',
  'BUSINESS_HOURS',
  'BUSINESS_CLOSED',
] as const;

/** What holds when nothing is set. */
export const defaultHoursSettings: HoursSettings = { profile: 'requested', closed: new Set(), roomMinutes: 10 };

/**
 * Reads the settings. An empty text counts as unset. `readFile` serves `CLOSED_DATES=@path`: one or more dates a line,
 * the rest of a line after `#` is a remark; without it, and when it throws, `@path` is a mistake.
 */
export function parseHoursSettings(
  variables: Readonly<Record<string, string | undefined>>,
  readFile?: (path: string) => string,
): SettingsReading {
  const mistakes: SettingMistake[] = [];
  // `read` gives nothing for a text it cannot read.
  const setting = <T>(
    variable: (typeof hoursVariables)[number],
    expected: string,
    read: (text: string) => T | undefined,
  ): T | undefined => {
    const text = variables[variable]?.trim() ?? '';
    if (text === '') return undefined;
    const value = read(text);
    if (value === undefined) mistakes.push({ variable, seen: text, expected });
    return value;
  };

  const profile = setting('HOURS_PROFILE', 'requested, strict or off', oneOf(['requested', 'strict', 'off']));
  const own = setting('CALL_HOURS', weekForm, readWeek);
  const roomMinutes = setting('CALL_ROOM_MINUTES', 'whole minutes from 0 to 120', readRoom);
  const closed = setting('CLOSED_DATES', datesForm, (text) => readDates(text, readFile));
  const business = setting('BUSINESS_HOURS', `a time zone such as Europe/London, then ${weekForm}`, readBusiness);
  const whenClosed = setting('BUSINESS_CLOSED', 'hide, message or schedule', oneOf(['hide', 'message', 'schedule']));
  if (whenClosed !== undefined && (variables['BUSINESS_HOURS']?.trim() ?? '') === '') {
    mistakes.push({
      variable: 'BUSINESS_CLOSED',
      seen: whenClosed,
      expected: 'to be set together with BUSINESS_HOURS',
    });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return {
    ok: true,
    settings: {
      profile: profile ?? defaultHoursSettings.profile,
      ...(own === undefined ? {} : { own }),
      closed: closed ?? defaultHoursSettings.closed,
      ...(business === undefined ? {} : { business: { ...business, whenClosed: whenClosed ?? 'schedule' } }),
      roomMinutes: roomMinutes ?? defaultHoursSettings.roomMinutes,
    },
  };
}

const datesForm =
  'dates such as 2026-12-25 (or 12-25 for every year) parted by commas, or @ and the path of a file that lists them';

function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T | undefined {
  return (text) => choices.find((choice) => choice === text.toLowerCase());
}

function readRoom(text: string): number | undefined {
  const minutes = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  return minutes <= 120 ? minutes : undefined;
}

function readBusiness(text: string): { zone: string; week: Week } | undefined {
  const [, name = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(text) ?? [];
  const zone = knownZone(name);
  const week = readWeek(rest);
  return zone === undefined || week === undefined ? undefined : { zone, week };
}

function readDates(text: string, readFile: ((path: string) => string) | undefined): ReadonlySet<string> | undefined {
  const listed = text.startsWith('@') ? fileText(text.slice(1), readFile) : text;
  const dates = listed
    ?.replace(/#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  return dates?.every(isDate) ? new Set(dates) : undefined;
}

function fileText(path: string, readFile: ((path: string) => string) | undefined): string | undefined {
  try {
    return readFile?.(path);
  } catch {
    // Said as a mistake in the setting; why the file cannot be read is in the system's own words nobody asked for.
    return undefined;
  }
}

// A leap year stands in where no year is said, so that 02-29 is one.
function isDate(text: string): boolean {
  const full = /^\d\d-\d\d$/.test(text) ? `2024-${text}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(full)) return false;
  const day = new Date(`${full}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(full);
}
