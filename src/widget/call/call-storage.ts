// What this browser remembers of calls: nothing before one exists, then enough to come back to it after a reload, and to a
// scheduled one days later. Storage may be denied, full or filled with somebody else's text.

import type { CallIntent } from '../api/result.js';
import { type CallSnapshot, isCallSnapshot } from '../../contract.js';
import { callsName } from './resumable-call.js';
import type { Browser } from '../internal/browser.js';

/** A call this browser knows. */
export interface StoredCall {
  /** Newest snapshot shown; the events of its journal have been fired. */
  readonly call: CallSnapshot;
  readonly token: string;
  /** Id of the tab that keeps it: a duplicated tab finds out that it is a copy. */
  readonly tab: string;
  /** True in the tab that asked for it; other tabs only look on. */
  readonly mine: boolean;
  /** True until `polyai-callback-ended` was fired. */
  readonly owed: boolean;
  /** Epoch milliseconds by the page's clock. */
  readonly savedAt: number;
  /** For "call me again"; kept in the tab alone, never in the lasting storage. */
  readonly intent?: CallIntent;
}

/** The storage of one proxy's calls. */
export interface CallStorage {
  /** The newest call known here: this tab's, else a scheduled one of this browser. */
  recall(): StoredCall | undefined;
  find(id: string): StoredCall | undefined;
  /** Adds or renews. Whose call it is and whether its end is owed stays as it was first said. */
  keep(record: StoredCall): void;
  /** Renews what `keep` would leave as it was. */
  change(id: string, change: Partial<StoredCall>): void;
  /** True once for each call whose end is owed. */
  settle(id: string): boolean;
  forget(id: string): void;
}

type Kind = 'session' | 'local';
const kinds: readonly Kind[] = ['session', 'local'];
/** More calls than this at one time is no visitor. */
const mostCalls = 4;

/** Calls of the proxy at `endpoint`. */
export function createCallStorage(browser: Browser, endpoint: string): CallStorage {
  const name = callsName(endpoint);
  /** Used where the storage does not work: then a reload forgets, and nothing else breaks. */
  const instead: Partial<Record<Kind, readonly StoredCall[]>> = {};

  function read(kind: Kind): readonly StoredCall[] {
    const known = instead[kind];
    if (known !== undefined) return known;
    try {
      const list: unknown = JSON.parse(browser.storage(kind)?.getItem(name) ?? '[]');
      return Array.isArray(list) ? list.filter(isStoredCall) : [];
    } catch {
      return [];
    }
  }

  function write(kind: Kind, list: readonly StoredCall[]): void {
    try {
      const storage = browser.storage(kind);
      if (list.length > 0) storage?.setItem(name, JSON.stringify(list));
      else storage?.removeItem(name);
      if (storage !== undefined) return;
    } catch {
      // Full or denied.
    }
    instead[kind] = list;
  }

  const find = (id: string): StoredCall | undefined =>
    kinds.flatMap((kind) => read(kind)).find(({ call }) => call.id === id);

  const others = (kind: Kind, id: string): readonly StoredCall[] => read(kind).filter(({ call }) => call.id !== id);

  function put(record: StoredCall): void {
    const { id } = record.call;
    write('session', [record, ...others('session', id)].slice(0, mostCalls));
    const { intent: _, ...lasting } = record;
    // Once scheduled, a call is kept for days: until this browser has shown its end.
    if (record.mine && record.owed && record.call.scheduledFor !== undefined) {
      write('local', [lasting, ...others('local', id)].slice(0, mostCalls));
    } else if (read('local').some(({ call }) => call.id === id)) {
      write('local', others('local', id));
    }
  }

  return {
    recall: () => kinds.flatMap((kind) => read(kind))[0],
    find,
    keep(record) {
      const known = find(record.call.id);
      put(known === undefined ? record : { ...record, ...known, call: record.call, savedAt: record.savedAt });
    },
    change(id, change) {
      const known = find(id);
      if (known !== undefined) put({ ...known, ...change });
    },
    settle(id) {
      const known = find(id);
      // The lasting copy is shared by all tabs: where it is gone, another has fired.
      const isShared = known?.call.scheduledFor !== undefined && browser.storage('local') !== undefined;
      const isOwed = known?.owed === true && (!isShared || read('local').some(({ call }) => call.id === id));
      if (known?.owed === true) put({ ...known, owed: false });
      return isOwed;
    },
    forget(id) {
      for (const kind of kinds) if (read(kind).some(({ call }) => call.id === id)) write(kind, others(kind, id));
    },
  };
}

function isStoredCall(value: unknown): value is StoredCall {
  const { call, token, tab, mine, owed, savedAt, intent } = (value ?? {}) as Partial<Record<keyof StoredCall, unknown>>;
  return (
    isCallSnapshot(call) &&
    typeof token === 'string' &&
    typeof tab === 'string' &&
    typeof mine === 'boolean' &&
    typeof owed === 'boolean' &&
    typeof savedAt === 'number' &&
    (intent === undefined || isIntent(intent))
  );
}

function isIntent(value: unknown): value is CallIntent {
  const { phone, country, international } = (value ?? {}) as Partial<Record<keyof CallIntent, unknown>>;
  return typeof phone === 'string' && typeof country === 'string' && typeof international === 'boolean';
}
