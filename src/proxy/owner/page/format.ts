// Numbers, durations, times and money as text.

const whole = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** A count. */
export const countText = (count: number): string => whole.format(count);

/** A share from 0 to 1. */
export const percentText = (share: number): string => percent.format(share);

/** A duration: `9 s`, `1:05 min`, `2:03 h`. */
export function durationText(seconds: number): string {
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)}:${twoDigits(seconds % 60)} min`;
  return `${String(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)} h`;
}

/** An amount. An unknown currency code is written as it is. */
export function moneyText(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount);
  } catch {
    return `${amount.toFixed(2)} ${currency}`;
  }
}

/** A time of day in a zone. */
export const timeText = (at: string, zone: string, isPrecise = false): string =>
  new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(isPrecise && { second: '2-digit' }),
  }).format(new Date(at));

/** A day and a time in a zone. */
export const dateTimeText = (at: string, zone: string): string =>
  new Intl.DateTimeFormat(undefined, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** A day in a zone. */
export const dayText = (at: string, zone: string): string =>
  new Intl.DateTimeFormat(undefined, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(at),
  );
