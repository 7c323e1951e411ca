// Says which requests were refused, but never more lines a second than a person could read: a flood must not fill the disk
// through the log either.

import type { Clock } from '../core/clock.js';
import type { Problem } from '../core/verdict.js';
import type { Log } from '../core/log.js';

/** Lines a second; what is beyond is counted and told with the next line. */
export const refusalLinesPerSecond = 20;

/** Logs one refusal. */
export type RefusalLog = (problem: Problem, requestId: string) => void;

/** Makes it. `event`: what the lines are called. */
export function createRefusalLog(log: Log, clock: Pick<Clock, 'now'>, event = 'call-refused'): RefusalLog {
  let second = 0;
  let lines = 0;
  let unlogged = 0;
  return function logRefusal({ code, reason }, requestId) {
    const now = Math.floor(clock.now() / 1_000);
    if (now !== second) [second, lines] = [now, 0];
    lines += 1;
    if (lines > refusalLinesPerSecond) {
      unlogged += 1;
      return;
    }
    log.info(event, { requestId, code, reason, unlogged: unlogged > 0 ? unlogged : undefined });
    unlogged = 0;
  };
}
