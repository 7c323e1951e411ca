// What the browser stores: no number beyond the tab, and nothing that breaks on someone else's data. Mutations that
// turn it red: keep the masked number in local storage; claim the ended event unchecked; trust stored data.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import {
  createCallStorage,
  type CallStorage,
  type PendingRequest,
  type StoredCall,
} from '../../../src/widget/call/call-storage.js';
import { FakeBrowser, FakeTab, memoryStorage } from '../../widget/fixtures/fake-browser.js';

const endpoint = 'https://calls.example';
const name = `polyai-callback:${endpoint}`;
const slot = { at: '2026-11-24T09:00:00Z', zone: 'Europe/London', wall: '2026-11-24T09:00' };

const call = (id: string, more: Partial<CallSnapshot> = {}): CallSnapshot => ({
  id,
  status: 'queued',
  seq: 2,
  now: '2026-11-23T12:00:00.000Z',
  history: [],
  ...more,
});
const record = (id: string, more: Partial<StoredCall> = {}): StoredCall => ({
  call: call(id),
  token: `token-${id}`,
  tab: 't',
  startedHere: true,
  endedEventPending: true,
  savedAt: 1,
  maskedPhone: '+44 ••• 58',
  ...more,
});
const waiting = { status: 'scheduled', history: [{ seq: 1, status: 'scheduled', at: '' }] } as const;
const scheduled = (id: string): StoredCall => record(id, { call: call(id, { ...waiting, scheduledFor: slot }) });

const callsIn = (kept: Storage): number => (JSON.parse(kept.getItem(name) ?? '') as { calls: unknown[] }).calls.length;

let tab: FakeTab;
let storage: CallStorage;

beforeEach(() => {
  tab = new FakeTab();
  storage = createCallStorage(tab, endpoint);
});

test('nothing is stored before there is a call or after it is forgotten', () => {
  assert.equal(storage.latest()?.stored, undefined);
  storage.remove('a');
  assert.equal(storage.claimEndedEvent('a'), false);
  assert.equal(tab.session.length + tab.browser.local.length, 0);
  storage.save(scheduled('a'));
  storage.remove('a');
  assert.equal(tab.session.length + tab.browser.local.length, 0);
});

test('an immediate call stays in the tab, a scheduled one in the browser, with its number masked', () => {
  storage.save(record('a'));
  assert.equal(tab.browser.local.length, 0);
  assert.deepEqual(createCallStorage(tab, endpoint).latest()?.stored, record('a'));
  storage.save(scheduled('b'));
  const lasting = tab.browser.local.getItem(name) ?? '';
  assert.match(lasting, /token-b/);
  assert.doesNotMatch(lasting, /7946/);
  // Days later, in a new tab.
  const later = createCallStorage(new FakeTab(tab.browser), endpoint).latest()?.stored;
  assert.ok(later?.call.id === 'b' && later.endedEventPending && later.maskedPhone === '+44 ••• 58');
});

test('proxies do not see each other’s calls', () => {
  storage.save(record('a'));
  assert.equal(createCallStorage(tab, 'https://other.example').latest()?.stored, undefined);
});

test('who started the call and whether its ended event is pending is stored once; the rest is updated', () => {
  storage.save(record('a'));
  storage.save(
    record('a', { call: call('a', { seq: 3 }), startedHere: false, endedEventPending: false, tab: 'x', savedAt: 2 }),
  );
  const found = storage.find('a');
  assert.ok(
    found?.startedHere && found.endedEventPending && found.tab === 't' && found.call.seq === 3 && found.savedAt === 2,
  );
});

describe('the ended event is pending once', () => {
  test('for a call of this tab', () => {
    storage.save(record('a'));
    const other = createCallStorage(tab, endpoint);
    assert.equal(storage.claimEndedEvent('a'), true);
    assert.equal(storage.claimEndedEvent('a'), false);
    assert.equal(other.claimEndedEvent('a'), false);
  });

  test('for a scheduled one, whichever tab claims it first', () => {
    storage.save(scheduled('a'));
    const other = createCallStorage(new FakeTab(tab.browser), endpoint);
    const known = other.latest()?.stored;
    assert.ok(known);
    other.save(known);
    assert.equal(other.claimEndedEvent('a'), true);
    assert.equal(storage.claimEndedEvent('a'), false);
    assert.equal(tab.browser.local.length, 0);
  });

  test('never for a call of another tab', () => {
    storage.save(record('a', { startedHere: false, endedEventPending: false }));
    assert.equal(storage.claimEndedEvent('a'), false);
  });
});

test('so is a call in the queue, also once it was placed and has no place anymore', () => {
  storage.save(record('a', { call: call('a', { ...waiting, queue: { position: 2 } }) }));
  assert.equal(callsIn(tab.browser.local), 1);
  const next = createCallStorage(new FakeTab(tab.browser), endpoint);
  assert.deepEqual(next.latest()?.stored.call.queue, { position: 2 });
  const history = [...waiting.history, { seq: 2, status: 'ringing' as const, at: '' }];
  storage.update('a', { call: call('a', { status: 'ringing', seq: 2, history }) });
  assert.equal(storage.claimEndedEvent('a'), true);
  assert.equal(tab.browser.local.length, 0);
});

test('a scheduled call is forgotten only when it ends, not by a tab that merely shows it', () => {
  storage.save(scheduled('a'));
  const other = createCallStorage(new FakeTab(tab.browser), endpoint);
  other.update('a', { startedHere: false, endedEventPending: false });
  assert.equal(other.claimEndedEvent('a'), false);
  assert.equal(callsIn(tab.browser.local), 1);
  assert.equal(storage.claimEndedEvent('a'), true);
  assert.equal(tab.browser.local.length, 0);
});

describe('a request without a response', () => {
  const pending = {
    request: {
      phone: '+442079460958',
      country: 'GB',
      international: true,
      consent: { text: 'I agree.', source: 'page' },
      locale: 'en',
      widgetVersion: '0.0.0',
    },
    idempotencyKey: 'k'.repeat(32),
    sentAt: 1,
    abandoned: false,
  } satisfies PendingRequest;

  test('is kept in the tab only, beside its calls, and leaves nothing behind', () => {
    storage.setPending(pending);
    storage.save(record('a'));
    assert.deepEqual(createCallStorage(tab, endpoint).pending(), pending);
    assert.equal(createCallStorage(new FakeTab(tab.browser), endpoint).pending(), undefined);
    storage.setPending(undefined);
    assert.equal(storage.pending(), undefined);
    assert.doesNotMatch(tab.session.getItem(name) ?? '', /7946/);
    storage.remove('a');
    assert.equal(tab.session.length, 0);
  });

  test('is ignored when it is malformed', () => {
    for (const wrong of [
      { ...pending, idempotencyKey: 1 },
      { ...pending, request: null },
      { ...pending, sentAt: '1' },
    ]) {
      tab.session.setItem(name, JSON.stringify({ calls: [], pending: wrong }));
      assert.equal(storage.pending(), undefined);
    }
  });
});

test('arrays with a toJSON from an old library are still stored as arrays', () => {
  const { prototype } = Array as { prototype: { toJSON?: () => unknown } };
  prototype.toJSON = () => 'text';
  try {
    storage.save(record('a', { call: call('a', { history: [{ seq: 1, status: 'queued', at: '' }] }) }));
  } finally {
    delete prototype.toJSON;
  }
  assert.equal(createCallStorage(tab, endpoint).find('a')?.call.history.length, 1);
});

describe('storage that cannot be trusted', () => {
  const texts = [
    '',
    'null',
    '{}',
    '[null]',
    '[1,"x",[]]',
    '{"a":',
    '{"calls":[{"call":{}}]}',
    '{"calls":{"length":1}}',
    '{"pending":{}}',
    JSON.stringify({ calls: [{ ...record('a'), token: 1 }] }),
  ];
  for (const text of [...texts, JSON.stringify({ calls: [{ ...record('a'), maskedPhone: 1 }] })]) {
    test(`${text.slice(0, 30)} is ignored`, () => {
      tab.session.setItem(name, text);
      tab.browser.local.setItem(name, text);
      assert.equal(storage.latest()?.stored, undefined);
      storage.save(record('b'));
      assert.equal(storage.latest()?.stored.call.id, 'b');
    });
  }

  test('denied: the page keeps the call in memory', () => {
    tab.deniesStorage = true;
    storage.save(scheduled('a'));
    assert.equal(storage.latest()?.stored.call.id, 'a');
    assert.equal(storage.claimEndedEvent('a'), true);
    assert.equal(storage.claimEndedEvent('a'), false);
    storage.remove('a');
    assert.equal(storage.latest()?.stored, undefined);
  });

  test('full, or throwing on every access: the same', () => {
    const browser = new FakeBrowser();
    const broken = new FakeTab(browser);
    const throwing = (): never => {
      throw new DOMException('no', 'QuotaExceededError');
    };
    broken.session = Object.assign(memoryStorage(), { setItem: throwing, getItem: throwing, removeItem: throwing });
    const kept = createCallStorage(broken, endpoint);
    kept.save(record('a'));
    assert.equal(kept.latest()?.stored.call.id, 'a');
    assert.equal(kept.claimEndedEvent('a'), true);
    assert.equal(kept.claimEndedEvent('a'), false);
  });

  test('it does not grow without bound', () => {
    for (let n = 0; n < 50; n += 1) storage.save(scheduled(`call-${String(n)}`));
    assert.ok(callsIn(tab.session) <= 4);
    assert.ok(callsIn(tab.browser.local) <= 4);
  });
});
