// What the browser remembers: nothing of the number beyond the tab, nothing that breaks on somebody else's text. Mutations that
// turn it red: keep the ask in the lasting storage; settle without looking; trust what is read.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import { createMemory, type Memory, type Remembered } from '../../../src/widget/call/call-storage.js';
import { FakeBrowser, FakeWorld, memoryStorage } from '../../widget/fixtures/fake-browser.js';

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
const record = (id: string, more: Partial<Remembered> = {}): Remembered => ({
  call: call(id),
  token: `token-${id}`,
  tab: 't',
  mine: true,
  owed: true,
  savedAt: 1,
  ask: { phone: '+442079460958', country: 'GB', international: true },
  ...more,
});
const scheduled = (id: string): Remembered =>
  record(id, { call: call(id, { status: 'scheduled', scheduledFor: slot }) });

let world: FakeWorld;
let memory: Memory;

beforeEach(() => {
  world = new FakeWorld();
  memory = createMemory(world, endpoint);
});

test('nothing is stored before there is a call, and nothing after it is forgotten', () => {
  assert.equal(memory.recall(), undefined);
  memory.forget('a');
  assert.equal(memory.settle('a'), false);
  assert.equal(world.session.length + world.browser.local.length, 0);
  memory.keep(scheduled('a'));
  memory.forget('a');
  assert.equal(world.session.length + world.browser.local.length, 0);
});

test('a call of now stays in the tab, a scheduled one in the browser, without its number', () => {
  memory.keep(record('a'));
  assert.equal(world.browser.local.length, 0);
  assert.deepEqual(createMemory(world, endpoint).recall(), record('a'));
  memory.keep(scheduled('b'));
  const lasting = world.browser.local.getItem(name) ?? '';
  assert.match(lasting, /token-b/);
  assert.doesNotMatch(lasting, /7946/);
  // Days later, in a new tab.
  const later = createMemory(new FakeWorld(world.browser), endpoint).recall();
  assert.ok(later?.call.id === 'b' && later.owed && later.ask === undefined);
});

test('proxies do not see each other’s calls', () => {
  memory.keep(record('a'));
  assert.equal(createMemory(world, 'https://other.example').recall(), undefined);
});

test('whose call it is and what is owed is said once; the rest is renewed', () => {
  memory.keep(record('a'));
  memory.keep(record('a', { call: call('a', { seq: 3 }), mine: false, owed: false, tab: 'x', savedAt: 2 }));
  const found = memory.find('a');
  assert.ok(found?.mine && found.owed && found.tab === 't' && found.call.seq === 3 && found.savedAt === 2);
});

describe('the end is owed once', () => {
  test('for a call of this tab', () => {
    memory.keep(record('a'));
    const other = createMemory(world, endpoint);
    assert.equal(memory.settle('a'), true);
    assert.equal(memory.settle('a'), false);
    assert.equal(other.settle('a'), false);
  });

  test('for a scheduled one, whichever tab is first', () => {
    memory.keep(scheduled('a'));
    const tab = createMemory(new FakeWorld(world.browser), endpoint);
    const known = tab.recall();
    assert.ok(known);
    tab.keep(known);
    assert.equal(tab.settle('a'), true);
    assert.equal(memory.settle('a'), false);
    assert.equal(world.browser.local.length, 0);
  });

  test('never for a call of another tab', () => {
    memory.keep(record('a', { mine: false, owed: false }));
    assert.equal(memory.settle('a'), false);
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
  for (const text of [...texts, JSON.stringify([{ ...record('a'), ask: { phone: 1 } }])]) {
    test(`${text.slice(0, 30)} is nothing`, () => {
      world.session.setItem(name, text);
      world.browser.local.setItem(name, text);
      assert.equal(memory.recall(), undefined);
      memory.keep(record('b'));
      assert.equal(memory.recall()?.call.id, 'b');
    });
  }

  test('denied: the page itself remembers', () => {
    world.deniesStorage = true;
    memory.keep(scheduled('a'));
    assert.equal(memory.recall()?.call.id, 'a');
    assert.equal(memory.settle('a'), true);
    assert.equal(memory.settle('a'), false);
    memory.forget('a');
    assert.equal(memory.recall(), undefined);
  });

  test('full, or throwing at every touch: the same', () => {
    const browser = new FakeBrowser();
    const broken = new FakeWorld(browser);
    const throwing = (): never => {
      throw new DOMException('no', 'QuotaExceededError');
    };
    broken.session = Object.assign(memoryStorage(), { setItem: throwing, getItem: throwing, removeItem: throwing });
    const kept = createMemory(broken, endpoint);
    kept.keep(record('a'));
    assert.equal(kept.recall()?.call.id, 'a');
    assert.equal(kept.settle('a'), true);
    assert.equal(kept.settle('a'), false);
  });

  test('it does not grow without end', () => {
    for (let n = 0; n < 50; n += 1) memory.keep(scheduled(`call-${String(n)}`));
    assert.ok((JSON.parse(world.session.getItem(name) ?? '[]') as unknown[]).length <= 4);
    assert.ok((JSON.parse(world.browser.local.getItem(name) ?? '[]') as unknown[]).length <= 4);
  });
});
