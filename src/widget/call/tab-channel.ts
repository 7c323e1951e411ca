// One call per visitor across the tabs of a browser: the tab that requests it announces it, and a new tab asks for it. Each follows
// the call on its own, because a background tab may be frozen at any moment.

import { type CallSnapshot, isCallSnapshot } from '../../contract.js';
import type { Browser } from '../internal/browser.js';
import { callsName, ping } from './resumable-call.js';

/** A tab's announcement of its call. Includes the token: any receiver could read it from storage anyway. */
export interface CallMessage {
  readonly call: CallSnapshot;
  readonly token: string;
  /** The sender. Two with the same id are a tab and its duplicate. */
  readonly tab: string;
  /** The sender's page load: several elements of one page share their storage, duplicates do not. */
  readonly page: string;
  /** When the sender joined, epoch milliseconds; the older of two is the original. */
  readonly since: number;
  /** The sender found the call in localStorage: it did not request it. */
  readonly adopted: boolean;
}

/** The other tabs. */
export interface TabChannel {
  post(message: CallMessage): void;
  close(): void;
}

/** Joins the tabs of one proxy and asks whether a call is running. `running` answers for this tab. */
export function joinTabChannel(
  browser: Browser,
  endpoint: string,
  running: () => CallMessage | undefined,
  onMessage: (message: CallMessage) => void,
): TabChannel {
  const channel = browser.channel(callsName(endpoint), (message) => {
    if (message === ping) {
      const own = running();
      if (own !== undefined) channel?.post(own);
    } else if (isCallMessage(message)) onMessage(message);
  });
  channel?.post(ping);
  return { post: (message) => channel?.post(message), close: () => channel?.close() };
}

function isCallMessage(value: unknown): value is CallMessage {
  const { call, token, tab, page, since } = (value ?? {}) as Partial<Record<keyof CallMessage, unknown>>;
  return isCallSnapshot(call) && [token, tab, page].every((id) => typeof id === 'string') && typeof since === 'number';
}
