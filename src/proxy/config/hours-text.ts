// Parses dates and business hours as operators write them. The syntax of a week is week-syntax.ts; the rules are hours/.

import { knownZone } from '../hours/zone-clock.js';
import type { Week } from '../hours/week.js';
import { nearest } from './nearest.js';
import { accept, fileText, type Parse, reject } from './parse.js';
import { readWeek, weekMeant } from './week-syntax.js';

/** A week such as `mon-fri 09:00-17:00`. */
export const parseWeek: Parse<Week> = (text) => {
  const week = readWeek(text);
  return week === undefined ? reject({ didYouMean: weekMeant(text) }) : accept(week);
};

/** A time zone and a week. */
export const parseBusinessHours: Parse<{ readonly zone: string; readonly week: Week }> = (text) => {
  const [, name = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(text) ?? [];
  const zone = knownZone(name);
  const week = readWeek(rest);
  if (zone !== undefined && week !== undefined) return accept({ zone, week });
  const zoneMeant = zone === undefined ? nearest(name, Intl.supportedValuesOf('timeZone'), 2) : name;
  const times = week === undefined ? weekMeant(rest) : rest;
  return reject({ didYouMean: zoneMeant === undefined || times === undefined ? undefined : `${zoneMeant} ${times}` });
};

/** Dates, or `@` and the path of a file that lists them, one or more per line; `#` starts a comment. */
export const parseDates: Parse<ReadonlySet<string>> = (text, readFile) => {
  const listed = text.startsWith('@') ? fileText(text.slice(1), readFile) : accept(text);
  if (!listed.ok) return listed;
  const dates = listed.value
    .replace(/#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  const wrong = dates.filter((date) => !isDate(date));
  if (wrong.length === 0) return accept(new Set(dates));
  return { ok: false, rejections: wrong.map((part) => ({ part, didYouMean: dateMeant(part) })) };
};

// Uses a leap year where none is given, so that 02-29 is a date.
function isDate(text: string): boolean {
  const full = /^\d\d-\d\d$/.test(text) ? `2024-${text}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(full)) return false;
  const day = new Date(`${full}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(full);
}

/** 25.12.2026 and 2026/12/25. Not 12/25/2026: whether a first number is a day or a month is ambiguous. */
function dateMeant(text: string): string | undefined {
  const [, day, month, year] = /^(\d\d?)\.(\d\d?)\.(\d{4})$/.exec(text) ?? [];
  const [, yearFirst, month2, day2] = /^(\d{4})[./]?(\d\d?)[./]?(\d\d?)$/.exec(text) ?? [];
  const parts = year === undefined ? [yearFirst, month2, day2] : [year, month, day];
  const date = parts.map((part) => part?.padStart(2, '0')).join('-');
  return isDate(date) ? date : undefined;
}
