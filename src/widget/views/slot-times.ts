// A time in the visitor's time zone and, where it differs, in the phone's; and how long it is until then.

import type { Slot } from '../../contract.js';
import { relativeTime } from '../i18n/format.js';
import { isWaiting, type ViewModel } from './view-model.js';

/** A slot as text. `there`: only where the number's time zone differs from the visitor's. */
export function timesOf(
  { localizer }: Pick<ViewModel, 'localizer'>,
  { at, zone }: Slot,
  length: 'long' | 'short',
): { readonly here: string; readonly there?: string } {
  const here = localizer.formatTime(at, undefined, length);
  const wall = (timeZone?: string): string => new Date(at).toLocaleString('en', { timeZone });
  if (wall() === wall(zone)) return { here };
  return { here, there: localizer.t('slot-there', { time: localizer.formatTime(at, zone, length) }) };
}

const minuteMs = 60_000;

/** The approximate time until then: days, hours below two days, minutes below two hours, never seconds. Empty once it is over. */
export function untilThen(at: string, now: number, locale: string): string {
  const minutes = Math.floor((Date.parse(at) - now) / minuteMs);
  if (!(minutes >= 0)) return '';
  const [value, unit] =
    minutes < 120
      ? ([Math.max(1, minutes), 'minute'] as const)
      : minutes < 2_880
        ? ([Math.round(minutes / 60), 'hour'] as const)
        : ([Math.round(minutes / 1_440), 'day'] as const);
  return relativeTime(value, unit, locale);
}

/** A requested call rings within seconds; after this long it helps to offer a number to call, milliseconds. */
const stuckMs = 30_000;

/** How long until a call that does not ring counts as stuck, milliseconds; 0 when it is stuck, undefined for other phases. */
function untilStuck({ name, state, now }: ViewModel): number | undefined {
  const isOnItsWay = state.phase === 'following' && isWaiting(name);
  const [first] = isOnItsWay ? state.call.history.filter(({ status }) => status !== 'scheduled') : [];
  return first && Math.max(0, Date.parse(first.at) + stuckMs - now);
}

/** True for a call that has waited too long. */
export const isStuck = (model: ViewModel): boolean => untilStuck(model) === 0;

/** How long the display stays correct, milliseconds: a second during the call, a minute before one; undefined if nothing is counting. */
export function paceOf(model: ViewModel): number | undefined {
  const { name, state, now } = model;
  if (name === 'talking') return 1_000;
  // When the button for another attempt may appear.
  const again = state.phase === 'ended' ? Date.parse(state.call.tryAgainAt ?? '') - now : 0;
  if (again > 0) return again + 500;
  const wait = untilStuck(model);
  if (wait) return wait;
  const { scheduledFor, redialAfter } = name === 'scheduled' && state.phase === 'following' ? state.call : {};
  const left = scheduledFor ? Date.parse(scheduledFor.at) - now : -1;
  // A second attempt is counted down in seconds; otherwise slightly past the minute, so that a timer that fires early does not show an
  // outdated value.
  return left > 0 ? (redialAfter ? 1_000 : (left % minuteMs) + 500) : undefined;
}
