// One call per visitor across the tabs of a browser: the tab that asks tells the others, and one that opens asks around.
// Each follows the call by itself, because a tab in the background may be frozen at any moment.

import { type CallSnapshot, isCallSnapshot } from '../../contract.js';
import { callsName, ping } from './resumable-call.js';
import type { Browser } from '../internal/browser.js';

/** What one tab tells the others of its running call. The capability goes along: whoever can hear it could read it in storage. */
export interface CallMessage {
  readonly call: CallSnapshot;
  readonly token: string;
  /** The teller. Two with the same id are a tab and its duplicate. */
  readonly tab: string;
  /** The teller's page load: several elements of one page share their storage, duplicates do not. */
  readonly page: string;
  /** When the teller joined, epoch milliseconds; the older of two is the original. */
  readonly since: number;
}

/** The other tabs. */
export interface TabChannel {
  tell(told: CallMessage): void;
  leave(): void;
}

/** Joins the tabs of one proxy and asks whether a call is running. `running` answers for this tab. */
export function joinTabChannel(
  browser: Browser,
  endpoint: string,
  running: () => CallMessage | undefined,
  onTold: (told: CallMessage) => void,
): TabChannel {
  const channel = browser.channel(callsName(endpoint), (message) => {
    if (message === ping) {
      const told = running();
      if (told !== undefined) channel?.post(told);
    } else if (isCallMessage(message)) onTold(message);
  });
  channel?.post(ping);
  return { tell: (told) => channel?.post(told), leave: () => channel?.close() };
}

function isCallMessage(value: unknown): value is CallMessage {
  const { call, token, tab, page, since } = (value ?? {}) as Partial<Record<keyof CallMessage, unknown>>;
  return isCallSnapshot(call) && [token, tab, page].every((id) => typeof id === 'string') && typeof since === 'number';
}
