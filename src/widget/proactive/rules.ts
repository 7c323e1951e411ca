// When the floating form should open automatically, read from the element's `open-*` attributes, and whether it may do so today
// for this visitor. Whether this is a good moment is up to proactive-opening.ts.

/** The attributes, all off by default. */
export const proactiveAttributes = ['open-after', 'open-at-scroll', 'open-on-exit', 'open-on-paths'] as const;

/** When a page wants the form to open. */
export interface ProactiveRules {
  /** After this time on the page, milliseconds. */
  readonly afterMs?: number;
  /** Once this share of the page has been scrolled past, 0 to 1. */
  readonly scrollShare?: number;
  /** When the pointer leaves the page at the top, toward the tabs or the address bar. */
  readonly onExit: boolean;
  /** Only on these paths; undefined means all. */
  readonly paths?: readonly string[];
}

/** Longest accepted delay, seconds: an hour. */
const maxSeconds = 3_600;

/** Reads the attributes; undefined when none is set. Invalid values count as absent. */
export function rulesOf(attribute: (name: string) => string | null): ProactiveRules | undefined {
  const afterSeconds = numberIn(attribute('open-after'), maxSeconds);
  const percent = numberIn(attribute('open-at-scroll'), 100);
  const onExit = attribute('open-on-exit') !== null && attribute('open-on-exit') !== 'false';
  const paths = attribute('open-on-paths')
    ?.split(/[\s,]+/)
    .filter((path) => path.startsWith('/'));
  const hasPaths = paths !== undefined && paths.length > 0;
  const hasTrigger = afterSeconds !== undefined || percent !== undefined || onExit;
  if (!hasTrigger && !hasPaths) return undefined;
  return {
    // Paths without a trigger: open immediately on these pages.
    ...(afterSeconds !== undefined || !hasTrigger ? { afterMs: (afterSeconds ?? 0) * 1_000 } : {}),
    ...(percent !== undefined && { scrollShare: percent / 100 }),
    onExit,
    ...(hasPaths && { paths }),
  };
}

/** A number from 0 to `max`; undefined for anything else, including an empty string. */
function numberIn(text: string | null, max: number): number | undefined {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return value >= 0 && value <= max ? value : undefined;
}

/** True when a path is one of the patterns. `*` matches any characters; a trailing slash makes no difference. */
export function isOnPath(paths: readonly string[] | undefined, pathname: string): boolean {
  const bare = (path: string): string => path.replace(/(?<=.)\/$/, '');
  return paths === undefined || paths.some((pattern) => matches(bare(pattern).split('*'), bare(pathname)));
}

/** True when the parts between the asterisks occur in order. One pass, and no regular expression built from a page's text. */
function matches([first = '', ...rest]: readonly string[], path: string): boolean {
  if (!path.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return path === first;
  let at = first.length;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}

/** Key under which the day of the last opening, or the opt-out, is stored. */
export const proactiveKey = 'polyai-callback:opened';
/** Stored when the visitor has opted out. */
export const never = 'never';

/** The date in the visitor's time zone, as it is stored. */
export function dayOf(now: number): string {
  const date = new Date(now);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-');
}

/** Whether the form may open automatically today. `stored`: the stored value. */
export const isAllowedToday = (stored: string | null, now: number): boolean =>
  stored !== never && stored !== dayOf(now);
