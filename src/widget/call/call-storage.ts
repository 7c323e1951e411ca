// Stored calls: nothing before one is requested, then enough to resume it after a reload, and a scheduled one days later. The
// visitor's number is stored only while a request is unanswered, and only in its tab; after that it is masked. Storage may be
// denied, full or corrupted.

import { type CallRequest, type CallSnapshot, isCallSnapshot } from '../../contract.js';
import type { Browser } from '../internal/browser.js';
import { toJson } from '../internal/json.js';
import { callsName } from './resumable-call.js';

/** A call this browser knows. */
export interface StoredCall {
  /** Newest snapshot shown; the events of its journal have been fired. */
  readonly call: CallSnapshot;
  readonly token: string;
  /** Id of the tab that keeps it: a duplicated tab finds out that it is a copy. */
  readonly tab: string;
  /** True in the tab that requested it, or that took over a scheduled one; other tabs only follow it. */
  readonly startedHere: boolean;
  /** True in a tab that found it in localStorage: it defers to the tab that requested it. */
  readonly adopted?: boolean;
  /** True until `polyai-callback-ended` was fired. */
  readonly endedEventPending: boolean;
  /** Epoch milliseconds by the page's clock. */
  readonly savedAt: number;
  /** The number with most digits masked. */
  readonly maskedPhone?: string;
}

/** A request that was sent and has no answer yet. */
export interface PendingRequest {
  readonly request: CallRequest;
  readonly idempotencyKey: string;
  /** Epoch milliseconds by the page's clock. */
  readonly sentAt: number;
  /** True once its page was left or hidden. Until then a copy of the storage (a duplicated tab) must not send it again. */
  readonly abandoned: boolean;
}

/** The stored calls of one proxy. */
export interface CallStorage {
  /** The newest call known here: this tab's, else a scheduled one of this browser (`isLasting`). */
  latest(): { readonly stored: StoredCall; readonly isLasting: boolean } | undefined;
  find(id: string): StoredCall | undefined;
  /** Adds or renews. Who started it and whether its end is still to be fired stays as it was first saved. */
  save(stored: StoredCall): void;
  /** Changes what `save` would leave as it was, in this tab alone. */
  update(id: string, change: Partial<StoredCall>): void;
  /** True once for each call whose end is still to be fired. */
  claimEndedEvent(id: string): boolean;
  remove(id: string): void;
  /** The request of this tab that waits for its answer. */
  pending(): PendingRequest | undefined;
  setPending(pending: PendingRequest | undefined): void;
}

type Kind = 'session' | 'local';
const kinds: readonly Kind[] = ['session', 'local'];
/** The most calls stored at one time. */
const mostCalls = 4;

/** One storage entry. */
interface Entry {
  readonly calls: readonly StoredCall[];
  readonly pending?: PendingRequest | undefined;
}

/** Calls of the proxy at `endpoint`. */
export function createCallStorage(browser: Browser, endpoint: string): CallStorage {
  const name = callsName(endpoint);
  /** Used where storage does not work: then a reload loses the call, and nothing else breaks. */
  const substitute: Partial<Record<Kind, Entry>> = {};

  function read(kind: Kind): Entry {
    const known = substitute[kind];
    if (known !== undefined) return known;
    try {
      const { calls, pending } = JSON.parse(browser.storage(kind)?.getItem(name) ?? '{}') as Partial<
        Record<keyof Entry, unknown>
      >;
      return {
        calls: Array.isArray(calls) ? calls.filter(isStoredCall) : [],
        ...(isPending(pending) && { pending }),
      };
    } catch {
      return { calls: [] };
    }
  }

  function write(kind: Kind, entry: Entry): void {
    try {
      const storage = browser.storage(kind);
      if (entry.calls.length > 0 || entry.pending) storage?.setItem(name, toJson(entry));
      else storage?.removeItem(name);
      if (storage !== undefined) return;
    } catch {
      // Full or denied.
    }
    substitute[kind] = entry;
  }

  const has = (kind: Kind, id: string): boolean => read(kind).calls.some(({ call }) => call.id === id);
  const find = (id: string): StoredCall | undefined =>
    kinds.flatMap((kind) => read(kind).calls).find(({ call }) => call.id === id);

  function drop(kind: Kind, id: string): void {
    const entry = read(kind);
    if (has(kind, id)) write(kind, { ...entry, calls: entry.calls.filter(({ call }) => call.id !== id) });
  }

  function put(kind: Kind, stored: StoredCall): void {
    const entry = read(kind);
    const others = entry.calls.filter(({ call }) => call.id !== stored.call.id);
    write(kind, { ...entry, calls: [stored, ...others].slice(0, mostCalls) });
  }

  function putAll(stored: StoredCall): void {
    put('session', stored);
    const { adopted: _, ...lasting } = stored;
    // A scheduled call is kept for days, until this browser has shown its end. Nothing else removes it.
    if (stored.startedHere && stored.endedEventPending && wasScheduled(stored)) put('local', lasting);
  }

  return {
    latest() {
      for (const kind of kinds) {
        const [stored] = read(kind).calls;
        if (stored) return { stored, isLasting: kind === 'local' };
      }
      return undefined;
    },
    find,
    save(stored) {
      const known = find(stored.call.id);
      putAll(known === undefined ? stored : { ...stored, ...known, call: stored.call, savedAt: stored.savedAt });
    },
    update(id, change) {
      const known = find(id);
      if (known !== undefined) putAll({ ...known, ...change });
    },
    claimEndedEvent(id) {
      const known = find(id);
      if (known?.endedEventPending !== true) return false;
      // All tabs share localStorage: if the copy is gone, another tab has fired the event.
      const isShared = wasScheduled(known) && browser.storage('local') !== undefined;
      const isClaimed = !isShared || has('local', id);
      drop('local', id);
      put('session', { ...known, endedEventPending: false });
      return isClaimed;
    },
    remove(id) {
      for (const kind of kinds) drop(kind, id);
    },
    pending: () => read('session').pending,
    setPending(pending) {
      const { calls, pending: before } = read('session');
      if (pending ?? before) write('session', { calls, pending });
    },
  };
}

/** True for a call that waits for its time or its turn, or did. */
const wasScheduled = ({ call }: StoredCall): boolean => call.history[0]?.status === 'scheduled';

function isStoredCall(value: unknown): value is StoredCall {
  const { call, token, tab, startedHere, endedEventPending, savedAt, maskedPhone } = (value ?? {}) as Partial<
    Record<keyof StoredCall, unknown>
  >;
  return (
    isCallSnapshot(call) &&
    typeof token === 'string' &&
    typeof tab === 'string' &&
    typeof startedHere === 'boolean' &&
    typeof endedEventPending === 'boolean' &&
    typeof savedAt === 'number' &&
    (maskedPhone === undefined || typeof maskedPhone === 'string')
  );
}

function isPending(value: unknown): value is PendingRequest {
  const { request, idempotencyKey, sentAt, abandoned } = (value ?? {}) as Partial<
    Record<keyof PendingRequest, unknown>
  >;
  const { phone, country, international } = (request ?? {}) as Partial<Record<keyof CallRequest, unknown>>;
  return (
    typeof phone === 'string' &&
    typeof country === 'string' &&
    typeof international === 'boolean' &&
    typeof idempotencyKey === 'string' &&
    typeof sentAt === 'number' &&
    typeof abandoned === 'boolean'
  );
}
