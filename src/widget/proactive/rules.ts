// When a page wants the floating form to open by itself, read from the element's `open-*` attributes, and whether this visitor
// may see that today. Decides nothing about the page's state; proactive-opening.ts does.

/** The attributes, all off by default. */
export const proactiveAttributes = ['open-after', 'open-at-scroll', 'open-on-exit', 'open-on-paths'] as const;

/** What a page asked for. */
export interface ProactiveRules {
  /** After this time on the page, milliseconds. */
  readonly afterMs?: number;
  /** Once this share of the page has been scrolled past, 0 to 1. */
  readonly scrollShare?: number;
  /** When the pointer leaves the page upwards, toward the tabs or the address. */
  readonly onExit: boolean;
  /** Only on these paths; undefined: on all. */
  readonly paths?: readonly string[];
}

/** Longest time that makes sense, seconds: an hour. */
const maxSeconds = 3_600;

/** Reads the attributes; undefined when none asks for anything. Values that make no sense count as absent. */
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
    // Paths alone: on these pages, at once.
    ...(afterSeconds !== undefined || !hasTrigger ? { afterMs: (afterSeconds ?? 0) * 1_000 } : {}),
    ...(percent !== undefined && { scrollShare: percent / 100 }),
    onExit,
    ...(hasPaths && { paths }),
  };
}

/** A number from 0 to `max`; undefined for anything else, an empty text included. */
function numberIn(text: string | null, max: number): number | undefined {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return value >= 0 && value <= max ? value : undefined;
}

/** True when a path is one of the patterns. `*` stands for any characters; a slash at the end makes no difference. */
export function isOnPath(paths: readonly string[] | undefined, pathname: string): boolean {
  const bare = (path: string): string => path.replace(/(?<=.)\/$/, '');
  return paths === undefined || paths.some((pattern) => matches(bare(pattern).split('*'), bare(pathname)));
}

/** The parts between the stars, in order: without patterns built from a page's text, and in one pass. */
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

/** Stored once the form opened by itself, or the visitor said no. */
export const proactiveKey = 'polyai-callback:opened';
/** The visitor never wants it again. */
export const never = 'never';

/** The visitor's day, as it is stored. */
export function dayOf(now: number): string {
  const date = new Date(now);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-');
}

/** Whether the form may open by itself today. `stored`: what the storage holds. */
export const isAllowedToday = (stored: string | null, now: number): boolean =>
  stored !== never && stored !== dayOf(now);
