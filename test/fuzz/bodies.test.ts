// Bodies by their structure alone, whatever schema applies. Mutations that turn it red: drop the depth limit, the poisonous names,
// or the check for lone surrogates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { maxBodyDepth, parseBody } from '../../src/proxy/http/json-body.js';

const anything = v.unknown();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const isAccepted = (text: string): boolean => parseBody(bytes(text), anything).allowed;

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
const keysOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(keysOf)]
    : [];
const poisonous = ['__proto__', 'constructor', 'prototype'];

test('arrays and objects may be nested four levels deep and no deeper', () => {
  assert.equal(maxBodyDepth, 4);
  fc.assert(
    fc.property(fc.nat(30), fc.boolean(), (depth, isList) => {
      const text = isList
        ? `${'['.repeat(depth)}1${']'.repeat(depth)}`
        : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
      assert.equal(isAccepted(text), depth <= 4);
    }),
  );
});

test('any JSON is accepted exactly when it is shallow and has no poisonous key', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom(...poisonous));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((entries) => {
        const made: Record<string, unknown> = {};
        for (const [name, value] of entries)
          Object.defineProperty(made, name, { value, enumerable: true, configurable: true });
        return made;
      }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(value);
      const read: unknown = JSON.parse(text);
      const expected = depthOf(read) <= 4 && !keysOf(read).some((name) => poisonous.includes(name));
      assert.equal(isAccepted(text), expected, text);
    }),
    { numRuns: 1_000 },
  );
});

test('invalid UTF-8 and lone surrogates are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (inside) => {
      const body = Buffer.concat([Buffer.from('"'), inside, Buffer.from('"')]);
      const text = new TextDecoder('utf-8', { fatal: false }).decode(body);
      if (text.includes('\ufffd') && !Buffer.from(inside).includes('\ufffd'))
        assert.equal(parseBody(body, anything).allowed, false);
    }),
    { numRuns: 1_000 },
  );
  for (const half of ['"\\ud83d"', '{"\\udc00":1}', '["\\ud83d x"]']) assert.equal(isAccepted(half), false);
  assert.equal(isAccepted('"\\ud83d\\ude00"'), true);
});
