// What is stored about one person's number: the suppression list, the data for an access or erasure request, and what would become
// unreachable if a secret were lost.

import type { ConsentRecord, Consumption, NumberExport, SuppressionSource, Unreachable } from '../store.js';
import { readSuppression } from './admission.js';
import { attributionOf, type CallRow, toCall } from './call-rows.js';
import type { Transaction } from './database.js';
import { reportSuppression } from './outbox.js';
import { forgetPlans } from './redials.js';
import { all, get, getForUpdate, type Operation, run, type Statement, together } from './operation.js';
import { placeholders } from './value-rows.js';

const dayMs = 24 * 3_600_000;

/**
 * Adds a number to the list under every given key. A waiting callback is left as it is: whoever requested it would otherwise learn
 * that the number's owner opted out. It is never placed, because the list is checked when it is due. What is kept for a second attempt
 * that nobody has been promised is forgotten. With `until`, it ends then; one that does not end stays so.
 */
export function* suppress(
  numberKeys: readonly string[],
  source: SuppressionSource,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
  about: {
    readonly callId?: string;
    readonly sealedNumber?: string | undefined;
    readonly until?: number | undefined;
  } = {},
): Operation<void> {
  const { now, subscriptions = [] } = transaction;
  const [known] = yield* together(subscriptions.length > 0 ? readSuppression(numberKeys, now) : undefined);
  const [numberKey] = numberKeys;
  // The rows of one number refer to each other, so that the number of people lost by retiring a secret can be reported.
  yield* together(
    ...numberKeys.map((key) =>
      run(
        `INSERT INTO suppressions (number_key, person, source, at, until) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (number_key) DO UPDATE SET person = excluded.person,
           until = CASE WHEN suppressions.until IS NULL OR excluded.until IS NULL THEN NULL
             WHEN suppressions.until > excluded.until THEN suppressions.until ELSE excluded.until END`,
        [key, numberKey ?? key, source, now, about.until ?? null],
      ),
    ),
    ...(known === undefined && numberKey !== undefined ? reportSuppression(transaction, numberKey, source, about) : []),
    forgetPlans(numberKeys),
  );
}

/**
 * Removes a number from the list. The consent to callbacks that were requested before ended with the opt-out: their sealed request
 * is deleted, so that they end like suppressed ones instead of ringing. True when there were any.
 */
export function* unsuppress(numberKeys: readonly string[]): Operation<boolean> {
  const removed = yield* together(
    ...numberKeys.map((key) => run('DELETE FROM suppressions WHERE number_key = ?', [key])),
  );
  if (removed.every((rows) => rows === 0)) return false;
  const waiting = (yield* callsOf(numberKeys)).filter(({ stage, sealed }) => stage !== 'ended' || sealed !== null);
  yield* together(...waiting.map(({ id }) => run('UPDATE calls SET sealed = NULL WHERE id = ?', [id])));
  return waiting.length > 0;
}

/** A range of keys, `[from, to)`. */
type Range = readonly [from: string, to: string];

type KeySearch = (from: string) => Statement<{ readonly key: string | null } | undefined>;

/** Ranges of keys that begin with a secret that is not live. Searches by key, never through all rows. */
function* lostRanges(live: ReadonlySet<string>, firstAfter: KeySearch): Operation<readonly Range[]> {
  const ranges: Range[] = [];
  for (let from = ''; ; ) {
    const key = (yield* firstAfter(from))?.key ?? undefined;
    if (key === undefined) return ranges;
    const prefix = key.slice(0, key.lastIndexOf(':') + 1);
    // ";" follows ":" in every encoding that has both. No key contains a control character.
    from = prefix === '' ? `${key}\u0001` : `${prefix.slice(0, -1)};`;
    const version = prefix.slice(0, -1).split(':').at(-1) ?? '';
    if (version !== '' && !live.has(version)) ranges.push([prefix, from]);
  }
}

function* countIn(
  ranges: readonly Range[],
  statement: (range: Range) => Statement<{ readonly n: number } | undefined>,
): Operation<number> {
  const counts = yield* together(...ranges.map(statement));
  return counts.reduce((sum, row) => sum + (row?.n ?? 0), 0);
}

/** What could no longer be found if only the secrets named `live` were left. */
export function* unreachable(live: readonly string[], now: number): Operation<Unreachable> {
  const liveVersions = new Set(live);
  const active = yield* lostRanges(liveVersions, (key) =>
    get(`SELECT min(number_key) AS key FROM calls WHERE stage <> 'ended' AND number_key >= ?`, [key]),
  );
  const coolDowns = yield* lostRanges(liveVersions, (key) =>
    get('SELECT min(number_key) AS key FROM cool_downs WHERE number_key >= ?', [key]),
  );
  return {
    suppressed: yield* countLostSubjects(liveVersions),
    scheduled: yield* countActive(active, true),
    inFlight: yield* countActive(active, false),
    coolingDown: yield* countIn(coolDowns, (range) =>
      get('SELECT count(*) AS n FROM cool_downs WHERE number_key >= ? AND number_key < ? AND until > ?', [
        ...range,
        now,
      ]),
    ),
    limited:
      (yield* countLimited('number', liveVersions, now)) +
      (yield* countLimited('prefix', liveVersions, now)) +
      (yield* countLimited('distinct-numbers', liveVersions, now)),
  };
}

const countActive = (ranges: readonly Range[], isScheduled: boolean): Operation<number> =>
  countIn(ranges, (range) =>
    get(
      `SELECT count(*) AS n FROM calls WHERE stage <> 'ended' AND number_key >= ? AND number_key < ?
         AND stage ${isScheduled ? '=' : '<>'} 'scheduled'`,
      range,
    ),
  );

function* countLimited(scope: Consumption['scope'], live: ReadonlySet<string>, now: number): Operation<number> {
  const ranges = yield* lostRanges(live, (key) =>
    get('SELECT min(key) AS key FROM allowances WHERE scope = ? AND key >= ?', [scope, key]),
  );
  return yield* countIn(ranges, ([from, to]) =>
    get('SELECT count(*) AS n FROM allowances WHERE scope = ? AND key >= ? AND key < ? AND touched_at > ?', [
      scope,
      from,
      to,
      now - dayMs,
    ]),
  );
}

function* countLostSubjects(live: ReadonlySet<string>): Operation<number> {
  const ranges = yield* lostRanges(live, (key) =>
    get('SELECT min(number_key) AS key FROM suppressions WHERE number_key >= ?', [key]),
  );
  const lost = new Set<string>();
  for (const range of ranges) {
    const rows = yield* all<{ person: string }>(
      'SELECT DISTINCT person FROM suppressions WHERE number_key >= ? AND number_key < ?',
      range,
    );
    for (const { person } of rows) {
      const keys = yield* all<{ number_key: string }>('SELECT number_key FROM suppressions WHERE person = ?', [person]);
      if (!keys.some(({ number_key: key }) => live.has(key.slice(0, key.lastIndexOf(':'))))) lost.add(person);
    }
  }
  return lost.size;
}

/** Everything stored about a number. */
export function* exportNumber(numberKeys: readonly string[], now: number): Operation<NumberExport> {
  const [suppression, ...consents] = yield* together(
    readSuppression(numberKeys, now),
    ...numberKeys.map((key) =>
      all<{ call_id: string; record: string }>(
        'SELECT call_id, record FROM consents WHERE number_key = ? ORDER BY at',
        [key],
      ),
    ),
  );
  const rows = new Map((yield* callsOf(numberKeys)).map((row) => [row.id, row]));
  const calls: NumberExport['calls'][number][] = [];
  const orphans: NumberExport['consents'][number][] = [];
  for (const { call_id: callId, record } of consents.flat()) {
    const consent = JSON.parse(record) as ConsentRecord;
    const row = rows.get(callId);
    if (row === undefined) orphans.push({ ...consent, callId });
    else calls.push({ ...toCall(row), ...attributionOf(row), consent });
    rows.delete(callId);
  }
  for (const row of rows.values()) calls.push({ ...toCall(row), ...attributionOf(row) });
  return { calls, consents: orphans, suppressed: suppression !== undefined };
}

/** Rows in which a number's key is part of a longer string. */
export interface Mentions {
  readonly allowances: readonly AllowanceName[];
  readonly members: readonly AllowanceName[];
  readonly slots: readonly { readonly scope: string; readonly key: string; readonly callId: string }[];
}

interface AllowanceName {
  readonly scope: string;
  readonly key: string;
  readonly windowMs: number;
}

/** Rows read in one step of {@link searchMentions}. */
const pageSize = 500;

/** What a search has found so far. Its pages are separate reads, so that neither this process nor another's writes are blocked, however many rows there are. */
export interface MentionSearch {
  /** Reads the next page; true when there is none left. */
  next(): Operation<boolean>;
  readonly found: Mentions;
}

/** Searches allowances and slots for a number's keys, a page at a time. */
export function searchMentions(numberKeys: readonly string[]): MentionSearch {
  // A key or a member may be the number's HMAC alone or with a prefix.
  const mentions = (text: string): boolean => numberKeys.some((key) => text.includes(key));
  const allowances: AllowanceName[] = [];
  const members: AllowanceName[] = [];
  const slots: Mentions['slots'][number][] = [];
  let allowance: AllowanceName | undefined = { scope: '', key: '', windowMs: 0 };
  let slot: Mentions['slots'][number] = { scope: '', key: '', callId: '' };

  function* nextAllowances(after: AllowanceName): Operation<boolean> {
    const page = yield* all<AllowanceName & { readonly state: string }>(
      `SELECT scope, key, window_ms AS "windowMs", state FROM allowances WHERE (scope, key, window_ms) > (?, ?, ?)
       ORDER BY scope, key, window_ms LIMIT ${String(pageSize)}`,
      [after.scope, after.key, after.windowMs],
    );
    for (const { state, ...name } of page) {
      if (mentions(name.key)) allowances.push(name);
      else if (mentions(state)) members.push(name);
    }
    allowance = page.at(-1);
    return false;
  }

  function* nextSlots(): Operation<boolean> {
    const page = yield* all<Mentions['slots'][number]>(
      `SELECT scope, key, call_id AS "callId" FROM concurrency_slots WHERE (scope, key, call_id) > (?, ?, ?)
       ORDER BY scope, key, call_id LIMIT ${String(pageSize)}`,
      [slot.scope, slot.key, slot.callId],
    );
    slots.push(...page.filter(({ key }) => mentions(key)));
    slot = page.at(-1) ?? slot;
    return page.length === 0;
  }

  return {
    next: () => (allowance === undefined ? nextSlots() : nextAllowances(allowance)),
    found: { allowances, members, slots },
  };
}

/** Erases everything about a number except its suppression; returns the ids of the erased calls. */
export function* eraseNumber(numberKeys: readonly string[], mentions: Mentions): Operation<readonly string[]> {
  const ids = (yield* callsOf(numberKeys)).map(({ id }) => id);
  for (const key of numberKeys) yield* run('DELETE FROM outbox WHERE number_key = ?', [key]);
  for (const id of ids) {
    yield* together(
      run('DELETE FROM concurrency_slots WHERE call_id = ?', [id]),
      run('DELETE FROM idempotency WHERE call_id = ?', [id]),
      run('DELETE FROM calls WHERE id = ?', [id]),
    );
  }
  for (const key of numberKeys) {
    yield* together(
      run('DELETE FROM consents WHERE number_key = ?', [key]),
      run('DELETE FROM cool_downs WHERE number_key = ?', [key]),
    );
  }
  for (const { scope, key, callId } of mentions.slots) {
    yield* run('DELETE FROM concurrency_slots WHERE scope = ? AND key = ? AND call_id = ?', [scope, key, callId]);
  }
  for (const { scope, key, windowMs } of mentions.allowances) {
    yield* run('DELETE FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [scope, key, windowMs]);
  }
  yield* forgetMembers(numberKeys, mentions.members);
  if (ids.length > 0) yield* run(`UPDATE meta SET value = value + 1 WHERE name = 'forgotten'`);
  return ids;
}

const callsOf = (numberKeys: readonly string[]): Statement<readonly CallRow[]> =>
  all(
    `SELECT * FROM calls WHERE number_key IN (${placeholders(Math.max(1, numberKeys.length))}) ORDER BY created_at, id`,
    numberKeys.length === 0 ? [''] : numberKeys,
  );

// The addresses that requested calls to this number keep what they have consumed, so that erasing resets no limit: only the number's key is removed.
function* forgetMembers(numberKeys: readonly string[], members: readonly AllowanceName[]): Operation<void> {
  for (const { scope, key, windowMs } of members) {
    const row = yield* getForUpdate<{ state: string }>(
      'SELECT state FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?',
      [scope, key, windowMs],
    );
    if (row === undefined) continue;
    const state = numberKeys.reduce((text, numberKey) => text.replaceAll(numberKey, 'erased'), row.state);
    yield* run('UPDATE allowances SET state = ? WHERE scope = ? AND key = ? AND window_ms = ?', [
      state,
      scope,
      key,
      windowMs,
    ]);
  }
}
