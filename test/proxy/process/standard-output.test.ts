// The log's lines of one turn are one write. Mutations that turn a test red: write each line at once; lose the lines of a turn that is
// flushed early.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineWriter } from '../../../src/proxy/process/standard-output.js';

function createFixture() {
  const turns: (() => void)[] = [];
  const written: string[] = [];
  const writer = createLineWriter(
    (text) => void written.push(text),
    (task) => void turns.push(task),
  );
  return { writer, written, endTurn: () => turns.splice(0).forEach((task) => task()) };
}

test('the lines of one turn are written together, after it', () => {
  const { writer, written, endTurn } = createFixture();
  writer.add('one');
  writer.add('two');
  assert.deepEqual(written, []);
  endTurn();
  writer.add('three');
  endTurn();
  endTurn();
  assert.deepEqual(written, ['one\ntwo\n', 'three\n']);
});

test('lines are written at once when the process exits, and only once', () => {
  const { writer, written, endTurn } = createFixture();
  writer.add('one');
  writer.flush();
  endTurn();
  writer.flush();
  assert.deepEqual(written, ['one\n']);
});
