// Detects a call to resume: a stored one, or one in another tab. All that the first load knows about calls; the chunk that is loaded
// then parses them (call-storage.ts, tab-channel.ts).

import type { Browser } from '../internal/browser.js';

/** Name of the storage entries and of the channel for the calls of one proxy. */
export const callsName = (endpoint: string): string => `polyai-callback:${endpoint}`;

/** The message with which a page asks the other tabs whether there is a call. */
export const ping = 'ping';

/** Runs `found` when there is a sign of a call, now or until `signal` aborts; more than once is possible. */
export function watchForCalls(browser: Browser, endpoint: string, signal: AbortSignal, found: () => void): void {
  const name = callsName(endpoint);
  const isKept = (kind: 'session' | 'local'): boolean => {
    try {
      return Boolean(browser.storage(kind)?.getItem(name));
    } catch {
      return false;
    }
  };
  if (isKept('session') || isKept('local')) found();
  const channel = browser.channel(name, (message) => message !== ping && found());
  signal.addEventListener('abort', () => channel?.close());
  channel?.post(ping);
}
