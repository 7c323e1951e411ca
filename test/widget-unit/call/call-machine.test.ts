// Every phase × every input, in one table: what is not named keeps the state, the very same object. Mutations that turn it
// red: drop any guard of next(), leave an ended call on a snapshot, compare sequence numbers the other way round.

import type { CallIntent, Problem } from '../../../src/widget/api/result.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callStatuses, isTerminal, type CallSnapshot, type CallStatus } from '../../../src/contract.js';
import { next } from '../../../src/widget/call/call-machine.js';
import type { CallInput, CallState } from '../../../src/widget/call/call-state.js';
import { initialState, nextOfForm } from '../../../src/widget/call/form-machine.js';

const intent: CallIntent = { phone: '+442079460958', country: 'GB', international: true };
const slot = { at: '2026-11-24T09:00:00Z', zone: 'Europe/London', wall: '2026-11-24T09:00' };
const snapshot = (status: CallStatus, seq: number, id = 'a'): CallSnapshot => ({
  id,
  status,
  seq,
  now: '2026-11-23T12:00:00.000Z',
  history: [{ seq, status, at: '2026-11-23T12:00:00.000Z' }],
});
const refusal = (code: Problem['code'], more: Partial<Problem> = {}): Problem => ({ code, ...more });

const following = (status: CallStatus, more: { lost?: boolean; elsewhere?: boolean } = {}): CallState => ({
  phase: 'following',
  intent,
  call: snapshot(status, 5),
  lost: false,
  elsewhere: false,
  ...more,
});

const states = {
  form: { phase: 'form' },
  'form with an error': { phase: 'form', error: refusal('offline') },
  checking: { phase: 'checking', intent },
  'confirm-country': { phase: 'confirm-country', intent, country: 'AT' },
  asking: { phase: 'asking', intent },
  choosing: { phase: 'choosing', intent, slots: [slot], because: 'preferred' },
  following: following('ringing'),
  lost: following('ringing', { lost: true }),
  elsewhere: following('ringing', { elsewhere: true }),
  scheduled: following('scheduled'),
  ended: { phase: 'ended', intent, call: snapshot('no-answer', 5) },
  refused: { phase: 'refused', intent, problem: refusal('try-later') },
  unreachable: { phase: 'fallback', because: 'unreachable' },
  closed: { phase: 'fallback', because: 'closed' },
} satisfies Record<string, CallState>;

const inputs = {
  submit: { type: 'submit', intent },
  'challenge-solved': { type: 'challenge-solved' },
  'confirm-country': { type: 'confirm-country', country: 'AT' },
  'country-confirmed': { type: 'country-confirmed' },
  'offer-slots': { type: 'offer-slots', slots: [slot], because: 'closed' },
  'choose-slot': { type: 'choose-slot', at: slot.at },
  snapshot: { type: 'snapshot', call: snapshot('in-progress', 6) },
  'the same snapshot': { type: 'snapshot', call: snapshot('ringing', 5) },
  'an older snapshot': { type: 'snapshot', call: snapshot('queued', 4) },
  'a snapshot of another call': { type: 'snapshot', call: snapshot('ringing', 9, 'b') },
  'a last snapshot': { type: 'snapshot', call: snapshot('completed', 7) },
  'a snapshot from elsewhere': { type: 'snapshot', call: snapshot('ringing', 9, 'b'), told: true, elsewhere: true },
  lost: { type: 'lost' },
  found: { type: 'found' },
  'refused: the form can mend it': { type: 'refused', problem: refusal('number-refused', { reason: 'not-in-use' }) },
  'refused: not now': { type: 'refused', problem: refusal('try-later', { retryAt: 1 }) },
  'refused: which country?': {
    type: 'refused',
    problem: refusal('number-refused', { reason: 'confirm-country', country: 'AT' }),
  },
  'refused: outside the hours': { type: 'refused', problem: refusal('outside-hours', { slots: [slot] }) },
  cancel: { type: 'cancel' },
  reset: { type: 'reset' },
  unreachable: { type: 'unreachable' },
  closed: { type: 'closed', hidden: false },
  forgotten: { type: 'forgotten' },
} satisfies Record<string, CallInput>;

type StateName = keyof typeof states;
type InputName = keyof typeof inputs;

/** The phase after each input that does something; every pair that is not here leaves the state alone. */
const moves: Readonly<Record<StateName, Partial<Record<InputName, CallState['phase']>>>> = {
  form: {
    submit: 'checking',
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'a snapshot from elsewhere': 'following',
    unreachable: 'fallback',
    closed: 'fallback',
  },
  'form with an error': {
    submit: 'checking',
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'a snapshot from elsewhere': 'following',
    reset: 'form',
    unreachable: 'fallback',
    closed: 'fallback',
  },
  checking: {
    'challenge-solved': 'asking',
    'confirm-country': 'confirm-country',
    'offer-slots': 'choosing',
    'a snapshot from elsewhere': 'following',
    'refused: the form can mend it': 'form',
    'refused: not now': 'refused',
    'refused: which country?': 'confirm-country',
    'refused: outside the hours': 'choosing',
    cancel: 'form',
    reset: 'form',
  },
  'confirm-country': {
    'country-confirmed': 'checking',
    'a snapshot from elsewhere': 'following',
    cancel: 'form',
    reset: 'form',
  },
  asking: {
    'confirm-country': 'confirm-country',
    'offer-slots': 'choosing',
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'refused: the form can mend it': 'form',
    'refused: not now': 'refused',
    'refused: which country?': 'confirm-country',
    'refused: outside the hours': 'choosing',
  },
  choosing: {
    submit: 'checking',
    'choose-slot': 'checking',
    'offer-slots': 'choosing',
    'a snapshot from elsewhere': 'following',
    'refused: the form can mend it': 'choosing',
    'refused: not now': 'choosing',
    'refused: which country?': 'confirm-country',
    'refused: outside the hours': 'choosing',
    cancel: 'form',
    reset: 'form',
  },
  following: { snapshot: 'following', 'a last snapshot': 'ended', lost: 'following', forgotten: 'form' },
  lost: {
    snapshot: 'following',
    'the same snapshot': 'following',
    'a last snapshot': 'ended',
    found: 'following',
    reset: 'form',
    forgotten: 'form',
  },
  elsewhere: {
    snapshot: 'following',
    'the same snapshot': 'following',
    'a last snapshot': 'ended',
    lost: 'following',
    forgotten: 'form',
  },
  scheduled: {
    snapshot: 'following',
    'a last snapshot': 'ended',
    lost: 'following',
    reset: 'form',
    forgotten: 'form',
  },
  ended: { submit: 'checking', reset: 'form' },
  refused: {
    submit: 'checking',
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'a snapshot from elsewhere': 'following',
    cancel: 'form',
    reset: 'form',
  },
  unreachable: {
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'a snapshot from elsewhere': 'following',
    reset: 'form',
    closed: 'fallback',
  },
  closed: {
    snapshot: 'following',
    'the same snapshot': 'following',
    'an older snapshot': 'following',
    'a snapshot of another call': 'following',
    'a last snapshot': 'ended',
    'a snapshot from elsewhere': 'following',
    reset: 'form',
    closed: 'fallback',
  },
};

describe('every phase × every input', () => {
  for (const stateName of Object.keys(states) as StateName[]) {
    for (const inputName of Object.keys(inputs) as InputName[]) {
      const expected = moves[stateName][inputName];
      test(`${stateName} + ${inputName} → ${expected ?? 'the same'}`, () => {
        const state: CallState = deepFreeze(states[stateName]);
        const after = next(state, deepFreeze(inputs[inputName]));
        if (expected === undefined) assert.equal(after, state);
        else {
          assert.notEqual(after, state);
          assert.equal(after.phase, expected);
        }
      });
    }
  }
});

test('the part in the first load says what the whole says, or nothing', () => {
  let moved = 0;
  for (const state of Object.values(states)) {
    for (const input of Object.values(inputs)) {
      const after = nextOfForm(state, input);
      if (after === state) continue;
      moved += 1;
      assert.deepEqual(after, next(state, input));
    }
  }
  assert.ok(moved >= 10);
});

test('each phase of the union is in the table', () => {
  const phases = new Set(Object.values(states).map(({ phase }) => phase));
  assert.equal(phases.size, 9);
});

describe('what a state carries', () => {
  test('a confirmed country goes along with the number', () => {
    const after = next(states['confirm-country'], inputs['country-confirmed']);
    assert.deepEqual(after, { phase: 'checking', intent: { ...intent, country: 'AT', countryConfirmed: true } });
  });

  test('a chosen slot goes along with the number', () => {
    const after = next(states.choosing, inputs['choose-slot']);
    assert.deepEqual(after, { phase: 'checking', intent: { ...intent, scheduleAt: slot.at } });
  });

  test('the number is kept to the end, and not invented', () => {
    const ended = next(next(states.asking, inputs.snapshot), inputs['a last snapshot']);
    assert.ok(ended.phase === 'ended');
    assert.deepEqual(ended.intent, intent);
    const resumed = next(initialState, inputs.snapshot);
    assert.ok(resumed.phase === 'following' && resumed.intent === undefined && !('intent' in resumed));
  });

  test('a newer snapshot ends being lost', () => {
    const after = next(states.lost, inputs['the same snapshot']);
    assert.ok(after.phase === 'following' && !after.lost);
  });

  test('a slot that is taken is said, being outside the hours is not', () => {
    const taken = next(states.asking, { type: 'refused', problem: refusal('slot-not-open', { slots: [slot] }) });
    assert.ok(taken.phase === 'choosing' && taken.error?.code === 'slot-not-open');
    const outside = next(states.asking, inputs['refused: outside the hours']);
    assert.ok(outside.phase === 'choosing' && outside.error === undefined && outside.because === 'outside-hours');
  });

  test('outside the hours without any slot it is a refusal', () => {
    const after = next(states.asking, { type: 'refused', problem: refusal('outside-hours', { slots: [] }) });
    assert.equal(after.phase, 'refused');
  });

  test('being offline is mended in the form, an unreachable proxy is not', () => {
    assert.equal(next(states.asking, { type: 'refused', problem: refusal('offline') }).phase, 'form');
    assert.equal(next(states.asking, { type: 'refused', problem: refusal('unreachable') }).phase, 'refused');
  });

  test('hidden and closed are told apart', () => {
    assert.deepEqual(next(initialState, { type: 'closed', hidden: true }), { phase: 'fallback', because: 'hidden' });
    assert.deepEqual(next(initialState, { type: 'closed', hidden: false }), { phase: 'fallback', because: 'closed' });
  });
});

test('a snapshot never moves a call back, whatever the order of arrival', () => {
  for (const from of callStatuses) {
    for (const to of callStatuses) {
      const state = next(initialState, { type: 'snapshot', call: snapshot(from, 5) });
      for (const seq of [1, 4]) assert.equal(next(state, { type: 'snapshot', call: snapshot(to, seq) }), state);
      const after = next(state, { type: 'snapshot', call: snapshot(to, 6) });
      if (isTerminal(from)) assert.equal(after, state);
      else assert.ok((after.phase === 'following' || after.phase === 'ended') && after.call.status === to);
    }
  }
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
