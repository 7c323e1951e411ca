// The log's lines of one turn are one write. Mutations that turn a test red: write each line at once; lose the lines of a turn that is
// flushed early; listen for no error of the output; note every loss.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { createLastingWrite, createLineWriter } from '../../../src/proxy/process/standard-output.js';

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

test('an output without a reader loses lines and nothing else, says so once, and is written again when there is one', () => {
  const written: string[] = [];
  const notes: string[] = [];
  let code: string | undefined;
  // Like standard output, which tries again after an error and is never destroyed.
  const output = Object.assign(new EventEmitter(), {
    write(text: string, done: (error?: Error) => void): boolean {
      const error = code === undefined ? undefined : Object.assign(new Error(`write ${code}`), { code });
      if (error === undefined) written.push(text);
      done(error);
      if (error !== undefined) output.emit('error', error);
      return true;
    },
  });
  const write = createLastingWrite(output, (line) => void notes.push(line));
  write('one');
  code = 'EPIPE';
  write('two');
  write('three');
  assert.deepEqual([written, notes.length], [['one'], 1]);
  assert.match(notes[0] ?? '', /EPIPE/);
  code = undefined;
  write('four');
  code = 'ENOSPC';
  write('five');
  assert.deepEqual([written, notes.length], [['one', 'four'], 2]);
});
