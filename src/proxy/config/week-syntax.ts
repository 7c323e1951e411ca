// Parses a week as operators write it: "mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-16:00".
import { type DayWindows, fullWeek, type Week, weekdayNames, type Window } from '../hours/week.js';

/** The syntax, for error messages. */
export const weekForm: string =
  'days and times such as "mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-16:00": entries separated by ";", each a day, days ' +
  '("mon,wed"), a range or "daily", then times from 00:00 to 24:00 in order (none past midnight), "closed" or "open"; ' +
  'days not named are closed, and no day is named twice';

/** The week, or undefined when the text is not one. `open` means the whole day. */
export function readWeek(text: string): Week | undefined {
  const days = new Map<number, DayWindows>();
  for (const entry of text.split(';').filter((part) => part.trim() !== '')) {
    const [, names, times] = /^\s*([^\s,]+(?:\s*,\s*[a-z][^\s,]*)*)\s+(.+?)\s*$/i.exec(entry) ?? [];
    const named = names === undefined ? undefined : readDays(names.toLowerCase());
    const windows = times === undefined ? undefined : readTimes(times.toLowerCase());
    if (named === undefined || windows === undefined) return undefined;
    for (const day of named) {
      if (days.has(day)) return undefined;
      days.set(day, windows);
    }
  }
  return days.size === 0 ? undefined : fullWeek((day) => days.get(day) ?? []);
}

/** The week that was probably meant, in this syntax: full names of days, `9-17`, `9am to 5pm`. */
export function weekMeant(text: string): string | undefined {
  const guess = text
    .toLowerCase()
    .replace(/\b(sun|mon|tue|wed|thu|fri|sat)(?:s|sday|nesday|urday|rs|rsday|day)s?\b/g, '$1')
    .replace(/\b(?:every day|everyday|all days|mon-sun)\b/g, 'daily')
    .replace(/([a-z])\s*(?:–|\bto\b)\s*(?=[a-z])/g, '$1-')
    .replace(
      /\b(\d\d?)(?:[:.h]?(\d\d))?\s*([ap]m)?\s*(?:-|–|\bto\b)\s*(\d\d?)(?:[:.h]?(\d\d))?\s*([ap]m)?\b/g,
      (
        _,
        from: string,
        fromMinutes = '00',
        fromHalf: string | undefined,
        until: string,
        untilMinutes = '00',
        untilHalf,
      ) =>
        `${clockTime(from, fromMinutes as string, fromHalf)}-${clockTime(until, untilMinutes as string, untilHalf as string | undefined)}`,
    )
    .replace(/(\d\d:\d\d)\s*,\s*(?=[a-z])/g, '$1; ')
    .trim();
  return readWeek(guess) === undefined ? undefined : guess;
}

function clockTime(hour: string, minutes: string, half: string | undefined): string {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  return `${String(hours).padStart(2, '0')}:${minutes}`;
}

function readDays(text: string): readonly number[] | undefined {
  if (text === 'daily') return [0, 1, 2, 3, 4, 5, 6];
  const days: number[] = [];
  for (const part of text.split(',')) {
    const [first, last, ...more] = part.trim().split('-').map(readDay);
    if (first === undefined || more.length > 0 || (part.includes('-') && last === undefined)) return undefined;
    // A range may wrap around the end of the week: "sat-mon".
    const length = (((last ?? first) - first + 7) % 7) + 1;
    for (let step = 0; step < length; step += 1) days.push((first + step) % 7);
  }
  return days;
}

function readDay(text: string): number | undefined {
  const day = weekdayNames.findIndex((name) => name === text);
  return day < 0 ? undefined : day;
}

function readTimes(text: string): DayWindows | undefined {
  if (text === 'closed') return [];
  if (text === 'open') return [[0, 1440]];
  const windows: Window[] = [];
  for (const part of text.split(',')) {
    const [, from, until] = /^\s*(\d\d?:\d\d)\s*[-–]\s*(\d\d?:\d\d)\s*$/.exec(part) ?? [];
    const window = [readMinute(from), readMinute(until)] as const;
    const [start, end] = window;
    if (start === undefined || end === undefined || start >= end || start < (windows.at(-1)?.[1] ?? 0))
      return undefined;
    windows.push([start, end]);
  }
  return windows;
}

function readMinute(text: string | undefined): number | undefined {
  const [hours = NaN, minutes = NaN] = text?.split(':').map(Number) ?? [];
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= 1440 ? minute : undefined;
}
