// What the browser remembers: nothing of the number beyond the tab, nothing that breaks on somebody else's text. Mutations that
// turn it red: keep the ask in the lasting storage; settle without looking; trust what is read.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import { createCallStorage, type CallStorage, type StoredCall } from '../../../src/widget/call/call-storage.js';
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
  mine: true,
  owed: true,
  savedAt: 1,
  intent: { phone: '+442079460958', country: 'GB', international: true },
  ...more,
});
const scheduled = (id: string): StoredCall =>
  record(id, { call: call(id, { status: 'scheduled', scheduledFor: slot }) });

let tab: FakeTab;
let storage: CallStorage;

beforeEach(() => {
  tab = new FakeTab();
  storage = createCallStorage(tab, endpoint);
});

test('nothing is stored before there is a call, and nothing after it is forgotten', () => {
  assert.equal(storage.recall(), undefined);
  storage.forget('a');
  assert.equal(storage.settle('a'), false);
  assert.equal(tab.session.length + tab.browser.local.length, 0);
  storage.keep(scheduled('a'));
  storage.forget('a');
  assert.equal(tab.session.length + tab.browser.local.length, 0);
});

test('a call of now stays in the tab, a scheduled one in the browser, without its number', () => {
  storage.keep(record('a'));
  assert.equal(tab.browser.local.length, 0);
  assert.deepEqual(createCallStorage(tab, endpoint).recall(), record('a'));
  storage.keep(scheduled('b'));
  const lasting = tab.browser.local.getItem(name) ?? '';
  assert.match(lasting, /token-b/);
  assert.doesNotMatch(lasting, /7946/);
  // Days later, in a new tab.
  const later = createCallStorage(new FakeTab(tab.browser), endpoint).recall();
  assert.ok(later?.call.id === 'b' && later.owed && later.intent === undefined);
});

test('proxies do not see each other’s calls', () => {
  storage.keep(record('a'));
  assert.equal(createCallStorage(tab, 'https://other.example').recall(), undefined);
});

test('whose call it is and what is owed is said once; the rest is renewed', () => {
  storage.keep(record('a'));
  storage.keep(record('a', { call: call('a', { seq: 3 }), mine: false, owed: false, tab: 'x', savedAt: 2 }));
  const found = storage.find('a');
  assert.ok(found?.mine && found.owed && found.tab === 't' && found.call.seq === 3 && found.savedAt === 2);
});

describe('the end is owed once', () => {
  test('for a call of this tab', () => {
    storage.keep(record('a'));
    const other = createCallStorage(tab, endpoint);
    assert.equal(storage.settle('a'), true);
    assert.equal(storage.settle('a'), false);
    assert.equal(other.settle('a'), false);
  });

  test('for a scheduled one, whichever tab is first', () => {
    storage.keep(scheduled('a'));
    const other = createCallStorage(new FakeTab(tab.browser), endpoint);
    const known = other.recall();
    assert.ok(known);
    other.keep(known);
    assert.equal(other.settle('a'), true);
    assert.equal(storage.settle('a'), false);
    assert.equal(tab.browser.local.length, 0);
  });

  test('never for a call of another tab', () => {
    storage.keep(record('a', { mine: false, owed: false }));
    assert.equal(storage.settle('a'), false);
  });
});

describe('storage that cannot be trusted', () => {
  const texts = [
    '',
    'null',
    '{}',
    '[null]',
    '[1,"x",[]]',
    '{"a":',
    '[{"call":{}}]',
    JSON.stringify([{ ...record('a'), token: 1 }]),
  ];
  for (const text of [...texts, JSON.stringify([{ ...record('a'), intent: { phone: 1 } }])]) {
    test(`${text.slice(0, 30)} is nothing`, () => {
      tab.session.setItem(name, text);
      tab.browser.local.setItem(name, text);
      assert.equal(storage.recall(), undefined);
      storage.keep(record('b'));
      assert.equal(storage.recall()?.call.id, 'b');
    });
  }

  test('denied: the page itself remembers', () => {
    tab.deniesStorage = true;
    storage.keep(scheduled('a'));
    assert.equal(storage.recall()?.call.id, 'a');
    assert.equal(storage.settle('a'), true);
    assert.equal(storage.settle('a'), false);
    storage.forget('a');
    assert.equal(storage.recall(), undefined);
  });

  test('full, or throwing at every touch: the same', () => {
    const browser = new FakeBrowser();
    const broken = new FakeTab(browser);
    const throwing = (): never => {
      throw new DOMException('no', 'QuotaExceededError');
    };
    broken.session = Object.assign(memoryStorage(), { setItem: throwing, getItem: throwing, removeItem: throwing });
    const kept = createCallStorage(broken, endpoint);
    kept.keep(record('a'));
    assert.equal(kept.recall()?.call.id, 'a');
    assert.equal(kept.settle('a'), true);
    assert.equal(kept.settle('a'), false);
  });

  test('it does not grow without end', () => {
    for (let n = 0; n < 50; n += 1) storage.keep(scheduled(`call-${String(n)}`));
    assert.ok((JSON.parse(tab.session.getItem(name) ?? '[]') as unknown[]).length <= 4);
    assert.ok((JSON.parse(tab.browser.local.getItem(name) ?? '[]') as unknown[]).length <= 4);
  });
});
