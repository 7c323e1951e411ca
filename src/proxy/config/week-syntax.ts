// Reads a week as operators write it: "mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-16:00".
import { type DayWindows, fullWeek, type Week, weekdayNames, type Window } from '../hours/week.js';

/** What the text must look like, for the sentence about a mistake. */
export const weekForm: string =
  'days and times such as "mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-16:00": entries parted by ";", each a day, days ' +
  '("mon,wed"), a range or "daily", then times from 00:00 to 24:00 (later ones after earlier ones, none over midnight), ' +
  '"closed" or "open"; a day not named is closed, none is named twice';

/** The week, or nothing when the text is not one. `open` stands for the whole day. */
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

function readDays(text: string): readonly number[] | undefined {
  if (text === 'daily') return [0, 1, 2, 3, 4, 5, 6];
  const days: number[] = [];
  for (const part of text.split(',')) {
    const [first, last, ...more] = part.trim().split('-').map(readDay);
    if (first === undefined || more.length > 0 || (part.includes('-') && last === undefined)) return undefined;
    // A range may run over the week's end: "sat-mon".
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
