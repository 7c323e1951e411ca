// A week of opening windows in minutes of the local day. It has no time zone and no dates.

/** From (included) until (not included), in minutes after local midnight, 0 to 1440. */
export type Window = readonly [from: number, until: number];

/** The windows of one day, sorted and without overlaps. */
export type DayWindows = readonly Window[];

/** Seven days of windows, Sunday first, as Date counts them. */
export type Week = readonly [DayWindows, DayWindows, DayWindows, DayWindows, DayWindows, DayWindows, DayWindows];

/** Weekday names as settings write them, in a week's order. */
export const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A week with the same windows from Monday to Friday. Hours may have fractions: 21.5 is 21:30. */
export function weekOf(hours: {
  readonly weekdays: readonly Window[];
  readonly saturday: readonly Window[];
  readonly sunday: readonly Window[];
}): Week {
  const [weekday, saturday, sunday] = [hours.weekdays, hours.saturday, hours.sunday].map((windows) =>
    windows.map(([from, until]): Window => [from * 60, until * 60]),
  );
  return fullWeek((day) => (day === 0 ? sunday : day === 6 ? saturday : weekday) ?? []);
}

/** A week with the same hours every day. */
export function everyDay(from: number, until: number): Week {
  return weekOf({ weekdays: [[from, until]], saturday: [[from, until]], sunday: [[from, until]] });
}

/** A week built day by day; 0 is Sunday. */
export function fullWeek(day: (weekday: number) => DayWindows): Week {
  return [day(0), day(1), day(2), day(3), day(4), day(5), day(6)];
}

/** What is open in both weeks. */
export function bothWeeks(one: Week, other: Week): Week {
  return fullWeek((day) => bothDays(one[day] ?? [], other[day] ?? []));
}

/** Always open. */
export const aroundTheClock: Week = everyDay(0, 24);

function bothDays(one: DayWindows, other: DayWindows): DayWindows {
  return one.flatMap(([from, until]) =>
    other
      .map(([otherFrom, otherUntil]): Window => [Math.max(from, otherFrom), Math.min(until, otherUntil)])
      .filter(([start, end]) => start < end),
  );
}
