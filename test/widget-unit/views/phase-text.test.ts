// What is shown once a call has ended: no more than was reported. Mutations that turn it red: thank for every completed call;
// count from ringing instead of the answer; assume a conversation without `in-progress`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallSnapshot, CallStatus } from '../../../src/contract.js';
import { en } from '../../../src/widget/i18n/locales/en.js';
import { enPhases } from '../../../src/widget/i18n/locales/en-phases.js';
import { createLocalizer } from '../../../src/widget/i18n/localizer.js';
import { detailOf, titleOf } from '../../../src/widget/views/phase-text.js';

type ViewModel = Parameters<typeof titleOf>[0];

const start = Date.UTC(2026, 2, 3, 8);
const localizer = createLocalizer({ locale: 'en', table: { ...en, ...enPhases }, now: () => start });

/** What is shown after these statuses, each this many seconds after the first. */
function shown(...history: readonly (readonly [CallStatus, number])[]): readonly string[] {
  const journal = history.map(([status, seconds], index) => ({
    seq: index + 1,
    status,
    at: new Date(start + seconds * 1_000).toISOString(),
  }));
  const { status } = journal.at(-1)!;
  const call: CallSnapshot = { id: 'c', status, seq: journal.length, history: journal, now: journal.at(-1)!.at };
  const model = { name: status, state: { phase: 'ended', call }, localizer, countryName: String, number: String };
  return [titleOf(model as unknown as ViewModel), detailOf(model as unknown as ViewModel)];
}

test('a call that was answered and lasted as long as a conversation is thanked for', () => {
  assert.deepEqual(shown(['ringing', 0], ['in-progress', 5], ['completed', 65]), [
    'Thank you for the call',
    'We spoke for 1 minute.',
  ]);
});

test('a shorter one may have reached voicemail: it has ended, and nothing more is claimed', () => {
  assert.deepEqual(shown(['ringing', 0], ['in-progress', 55], ['completed', 114]), [
    'The call has ended',
    'It lasted 59 seconds.',
  ]);
});

test('one that PolyAI never reported as in progress has ended, however long it took', () => {
  assert.deepEqual(shown(['ringing', 0], ['completed', 600]), ['The call has ended', '']);
});

test('one that nobody answered is not described as having rung', () => {
  for (const path of [[['ringing', 0] as const], []]) {
    const [title, detail] = shown(...path, ['no-answer', 30]);
    assert.equal(title, 'You missed our call');
    assert.doesNotMatch(String(detail), /\brang\b/);
  }
});
