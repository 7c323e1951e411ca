// Pages whose old libraries replaced built-ins: Prototype 1.6 and 1.7, MooTools 1.2 to 1.5. Mutations that turn it red: hexOf with
// `Array.from(bytes, …)`; JSON.stringify in place of toJson; no check of the derived key.

import { expect } from '@open-wc/testing';
import type { Challenge } from '../../../src/contract.js';
import { keyFinder } from '../../../src/widget/challenge/pbkdf2-search.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

/** The libraries' replacements for built-ins, where they differ from the standard. */
const replaced: readonly (readonly [object, string, unknown])[] = [
  // Prototype's $A and MooTools' Array.from: one argument.
  [Array, 'from', (list: ArrayLike<unknown>) => Array.prototype.slice.call(list)],
  // Prototype: a `reduce` that does not reduce.
  [
    Array.prototype,
    'reduce',
    function (this: unknown[]) {
      return this.length > 1 ? this : this[0];
    },
  ],
  // Prototype's Enumerable: a list, not an iterator.
  [
    Array.prototype,
    'entries',
    function (this: unknown[]) {
      return this.slice();
    },
  ],
  // Prototype before 1.7.
  [
    Array.prototype,
    'toJSON',
    function (this: unknown[]) {
      return `[${this.map((one) => JSON.stringify(one)).join(', ')}]`;
    },
  ],
];

describe('a page whose old libraries replaced built-ins', () => {
  let undo: (() => void)[] = [];
  let proxy: PageProxy;

  beforeEach(() => {
    proxy = new PageProxy({});
  });
  const replace = (): void => {
    for (const [holder, name, value] of replaced) {
      const before = Object.getOwnPropertyDescriptor(holder, name);
      Object.defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: false });
      undo.push(() => {
        if (before) Object.defineProperty(holder, name, before);
        else Reflect.deleteProperty(holder, name);
      });
    }
  };
  const restore = (): void => {
    for (const put of undo) put();
    undo = [];
  };
  afterEach(() => {
    restore();
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  it('can request a call, follow it and resume it', async () => {
    const visitor = await Visitor.open(proxy);
    const ended = visitor.collect('polyai-callback-ended');
    const progress = visitor.collect('polyai-callback-progress');
    await visitor.type('020 7946 0958');
    visitor.agree();
    replace();
    visitor.press('Call me now');
    await visitor.until(() => proxy.callRequests.length > 0, 'the request');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream');
    const stored = sessionStorage.getItem(sessionStorage.key(0) ?? '') ?? '';
    proxy.report('ringing');
    await visitor.until(() => progress.length > 0, 'progress');
    proxy.end('completed');
    await visitor.until(() => ended.length > 0, 'the end');
    restore();
    expect(proxy.callRequests[0]!.consent.version).to.match(/^[0-9a-f]{16}$/);
    expect((JSON.parse(stored) as { calls: { call: { history: unknown } }[] }).calls[0]!.call.history).to.be.an(
      'array',
    );
  });

  it('gets its challenge solved', async () => {
    const parameters = {
      nonce: '00'.repeat(16),
      salt: '11'.repeat(16),
      cost: 1,
      keyPrefix: '0',
    } as unknown as Challenge['parameters'];
    replace();
    const solutions = [
      await keyFinder(crypto.subtle)(parameters, () => false),
      await keyFinder(undefined)(parameters, () => false),
    ];
    restore();
    expect(solutions[0]!.derivedKey).to.match(/^0[0-9a-f]{63}$/);
    expect(solutions[1]).to.deep.equal(solutions[0]);
  });

  it('fails at once when nothing can be computed correctly', async () => {
    const parameters = { nonce: '00', salt: '11', cost: 1, keyPrefix: 'ff'.repeat(16) } as Challenge['parameters'];
    let derivations = 0;
    const broken = {
      importKey: () => Promise.resolve({}),
      deriveBits: () => {
        derivations += 1;
        return Promise.resolve(new ArrayBuffer(0));
      },
    } as unknown as SubtleCrypto;
    const error: unknown = await keyFinder(broken)(parameters, () => false).catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('malformed');
    expect(derivations).to.equal(1);
  });
});
