// Request ids come from pages of letters. Mutations that turn it red: no page; a letter used twice; `byte < 256`.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createIdSource, requestIdLetters } from '../../../src/proxy/core/random-id.js';

test('ids are letters, each used once, and hundreds of them take a few draws', () => {
  let draws = 0;
  const nextId = createIdSource(requestIdLetters, (size) => {
    draws += 1;
    return randomBytes(size);
  });
  const ids = Array.from({ length: 1_000 }, nextId);
  for (const id of ids) assert.match(id, /^[a-z]{16}$/);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(draws <= 32, `${String(draws)} draws`);
});

test('every letter is used once and in order', () => {
  let next = 0;
  const drawn: number[] = [];
  const nextId = createIdSource(4, (size) =>
    Uint8Array.from({ length: size }, () => {
      drawn.push(next % 26);
      next += 1;
      return (next - 1) % 26;
    }),
  );
  const text = Array.from({ length: 128 }, nextId).join('');
  assert.equal(text.length, 512);
  for (const [index, letter] of text.split('').entries())
    assert.equal(letter, String.fromCharCode(97 + (drawn[index] ?? -1)), `letter ${String(index)}`);
});

test('bytes that would favor some letters are skipped', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  let at = 0;
  const nextId = createIdSource(9, (size) => Uint8Array.from({ length: size }, () => bytes[at++ % 256] ?? 0));
  const counts = new Map<string, number>();
  for (let index = 0; index < 26 * 128; index += 1)
    for (const letter of nextId()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const fewest = Math.min(...counts.values());
  // Each page drops what is left of its last draw, which is a few letters.
  assert.ok(most - fewest <= 26, `${String(fewest)} to ${String(most)}`);
});
