// Logs origins that are not allowed, so that an operator who forgot one finds it with advice on what to add. Once a minute per
// origin, with an upper limit, because anyone can send any Origin.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import { shareOf } from '../core/share.js';

/** Receives the Origin of a refused request. */
export type RefusedOriginLog = (origin: string | null) => void;

/** Different origins reported in one minute; the rest are counted. */
export const originsPerMinute = 20;
const minuteMs = 60_000;

/** Creates it. `origins`: the allowed ones; `instances`: how many processes report to the same log. */
export function createRefusedOriginLog(
  origins: readonly string[],
  log: Pick<Log, 'warn'>,
  clock: Pick<Clock, 'now'>,
  instances = 1,
): RefusedOriginLog {
  const most = shareOf(originsPerMinute, instances);
  const reported = new Set<string>();
  /** Origins seen this minute, as sent: a flood of one is parsed once. */
  const seen = new Set<string | null>();
  let minute = 0;
  let unlogged = 0;

  return function reportRefusedOrigin(origin) {
    const now = Math.floor(clock.now() / minuteMs);
    if (now !== minute) {
      minute = now;
      reported.clear();
      seen.clear();
    }
    if (seen.has(origin)) return;
    const shown = shownOrigin(origin);
    if (reported.has(shown)) {
      if (seen.size < 10 * originsPerMinute) seen.add(origin);
      return;
    }
    if (reported.size >= most) {
      unlogged += 1;
      return;
    }
    reported.add(shown);
    log.warn('origin-refused', {
      origin: shown,
      advice: adviceFor(shown, origins),
      unlogged: unlogged > 0 ? unlogged : undefined,
    });
    unlogged = 0;
  };
}

/** Everything that is not a web origin is one entry: nobody can inject text into the log. */
function shownOrigin(origin: string | null): string {
  if (origin === null) return 'none';
  if (origin.length > 100 || !/^https?:\/\//.test(origin) || !URL.canParse(origin))
    return origin === 'null' ? 'null' : 'malformed';
  return new URL(origin).origin;
}

function adviceFor(origin: string, allowed: readonly string[]): string {
  if (origin === 'none' || origin === 'malformed') return "Not a request of a browser's page";
  if (origin === 'null')
    return 'A page opened from a file or in a sandboxed frame has no origin and cannot request calls';
  const near = allowed.find((one) => siteOf(one) === siteOf(origin));
  const add = `Add ${origin} to ALLOWED_ORIGINS if this is your page`;
  return near === undefined ? add : `${add}. ${near} is allowed, but ${differenceOf(origin, near)}`;
}

/** Host without `www.`, scheme and port. */
const siteOf = (origin: string): string => new URL(origin).hostname.replace(/^www\./, '');

function differenceOf(origin: string, near: string): string {
  const [seen, known] = [new URL(origin), new URL(near)];
  if (seen.hostname !== known.hostname) return 'with and without www are two origins';
  return seen.protocol === known.protocol ? 'another port is another origin' : 'http and https are two origins';
}
