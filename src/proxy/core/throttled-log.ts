// A log for events that any client can cause: limits the lines per second of one event, so that a flood does not fill the disk.

import type { Clock } from './clock.js';
import type { Log, LogFields } from './log.js';
import { shareOf } from './share.js';

/** Lines per second of one event; the rest are counted, and the next line of the event reports the count as `unlogged`. */
export const linesPerSecond = 20;

/** A log whose fields may be given as a function, which is only called for a line that is written. */
export interface ThrottledLog extends Log {
  info(event: string, fields?: LogFields | (() => LogFields)): void;
}

/** Wraps a log. `instances`: how many processes log to the same place; each writes its share of the lines. */
export function createThrottledLog(log: Log, clock: Pick<Clock, 'now'>, instances = 1): ThrottledLog {
  const most = shareOf(linesPerSecond, instances);
  const events = new Map<string, { second: number; lines: number; unlogged: number }>();

  /** The fields of a line that may be written; undefined beyond the limit. */
  function admitted(event: string, fieldsOrFunction: LogFields | (() => LogFields)): LogFields | undefined {
    const second = Math.floor(clock.now() / 1_000);
    let state = events.get(event);
    if (state === undefined) events.set(event, (state = { second, lines: 0, unlogged: 0 }));
    if (state.second !== second) [state.second, state.lines] = [second, 0];
    if (state.lines >= most) {
      state.unlogged += 1;
      return undefined;
    }
    state.lines += 1;
    const fields = typeof fieldsOrFunction === 'function' ? fieldsOrFunction() : fieldsOrFunction;
    const { unlogged } = state;
    state.unlogged = 0;
    return unlogged > 0 ? { ...fields, unlogged } : fields;
  }

  return {
    info(event, fields = {}) {
      const line = admitted(event, fields);
      if (line !== undefined) log.info(event, line);
    },
    warn(event, fields = {}) {
      const line = admitted(event, fields);
      if (line !== undefined) log.warn(event, line);
    },
    error(event, fields = {}, error) {
      const line = admitted(event, fields);
      if (line !== undefined) log.error(event, line, error);
    },
  };
}
