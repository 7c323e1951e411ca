// Every phase × every input, in one table: any pair that is not listed returns the very same state object. Mutations that turn it
// red: drop any guard of next(); let a snapshot leave an ended call; reverse the comparison of sequence numbers.

import type { CallIntent, Problem } from '../../../src/widget/api/result.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callStatuses, isTerminal, type CallSnapshot, type CallStatus } from '../../../src/contract.js';
import { next } from '../../../src/widget/call/call-machine.js';
import { type CallInput, type CallPhase, initialState } from '../../../src/widget/call/call-state.js';

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

const following = (status: CallStatus, more: { lost?: boolean; elsewhere?: boolean } = {}): CallPhase => ({
  phase: 'following',
  intent,
  call: snapshot(status, 5),
  lost: false,
  elsewhere: false,
  ...more,
});

/** A call that waits in the queue. */
const inQueue = (position: number): CallPhase => ({
  phase: 'following',
  intent,
  call: { ...snapshot('scheduled', 5), queue: { position } },
  lost: false,
  elsewhere: false,
});

const states = {
  form: { phase: 'form' },
  'form with an error': { phase: 'form', error: refusal('offline') },
  checking: { phase: 'checking', intent },
  'confirm-country': { phase: 'confirm-country', intent, country: 'AT' },
  submitting: { phase: 'submitting', intent },
  choosing: { phase: 'choosing', intent, slots: [slot], because: 'preferred' },
  following: following('ringing'),
  waiting: following('queued'),
  lost: following('ringing', { lost: true }),
  elsewhere: following('ringing', { elsewhere: true }),
  scheduled: following('scheduled'),
  'in the queue': inQueue(3),
  ended: { phase: 'ended', intent, call: snapshot('no-answer', 5) },
  refused: { phase: 'refused', intent, problem: refusal('try-later') },
} satisfies Record<string, CallPhase>;

const inputs = {
  submit: { type: 'submit', intent },
  'challenge-solved': { type: 'challenge-solved' },
  resubmit: { type: 'resubmit', intent },
  accepted: { type: 'accepted', call: snapshot('requested', 1), intent },
  'accepted, and ended': { type: 'accepted', call: snapshot('failed', 3), intent },
  'a remembered call': { type: 'resumed', call: snapshot('ringing', 9, 'b'), elsewhere: false },
  'a remembered end': { type: 'resumed', call: snapshot('busy', 9, 'b'), elsewhere: false },
  'country-confirmed': { type: 'country-confirmed' },
  'offer-slots': { type: 'offer-slots', slots: [slot], because: 'closed' },
  'choose a time': { type: 'choose', choice: { scheduleAt: slot.at } },
  'choose the queue': { type: 'choose', choice: { queue: true } },
  snapshot: { type: 'snapshot', call: snapshot('in-progress', 6) },
  'a new place': { type: 'snapshot', call: { ...snapshot('scheduled', 5), queue: { position: 2 } } },
  'the same snapshot': { type: 'snapshot', call: snapshot('ringing', 5) },
  'an older snapshot': { type: 'snapshot', call: snapshot('queued', 4) },
  'a snapshot of another call': { type: 'snapshot', call: snapshot('ringing', 9, 'b') },
  'a last snapshot': { type: 'snapshot', call: snapshot('completed', 7) },
  'a call from elsewhere': { type: 'relayed', call: snapshot('ringing', 9, 'b'), elsewhere: true },
  'the same call from elsewhere': { type: 'relayed', call: snapshot('ringing', 5), elsewhere: true },
  'the same call of this page': { type: 'relayed', call: snapshot('ringing', 5), elsewhere: false },
  lost: { type: 'lost' },
  found: { type: 'found' },
  'refused: the form can mend it': { type: 'refused', problem: refusal('number-refused', { reason: 'not-in-use' }) },
  'refused: not now': { type: 'refused', problem: refusal('try-later', { retryAt: 1 }) },
  'refused: which country?': {
    type: 'refused',
    problem: refusal('number-refused', { reason: 'confirm-country', country: 'AT' }),
  },
  'refused: outside the hours': { type: 'refused', problem: refusal('outside-hours', { slots: [slot] }) },
  'refused: a limit, with other offers': {
    type: 'refused',
    problem: refusal('busy', { slots: [slot], queue: { position: 3 } }),
  },
  cancel: { type: 'cancel' },
  reset: { type: 'reset' },
  leave: { type: 'leave' },
  forgotten: { type: 'forgotten' },
} satisfies Record<string, CallInput>;

type StateName = keyof typeof states;
type InputName = keyof typeof inputs;

/** The phase after each input that changes it; every pair that is not listed leaves the state unchanged. */
const moves: Readonly<Record<StateName, Partial<Record<InputName, CallPhase['phase']>>>> = {
  form: {
    submit: 'checking',
    resubmit: 'submitting',
    'a remembered call': 'following',
    'a remembered end': 'ended',
    'a call from elsewhere': 'following',
  },
  'form with an error': {
    submit: 'checking',
    resubmit: 'submitting',
    'a remembered call': 'following',
    'a remembered end': 'ended',
    'a call from elsewhere': 'following',
    reset: 'form',
    leave: 'form',
  },
  checking: {
    'challenge-solved': 'submitting',
    'offer-slots': 'choosing',
    'a call from elsewhere': 'following',
    'refused: the form can mend it': 'form',
    'refused: not now': 'refused',
    'refused: which country?': 'confirm-country',
    'refused: outside the hours': 'choosing',
    'refused: a limit, with other offers': 'refused',
    cancel: 'form',
    reset: 'form',
    leave: 'form',
  },
  'confirm-country': {
    'country-confirmed': 'checking',
    'a call from elsewhere': 'following',
    cancel: 'form',
    reset: 'form',
    leave: 'form',
  },
  submitting: {
    'offer-slots': 'choosing',
    accepted: 'following',
    'accepted, and ended': 'ended',
    'refused: the form can mend it': 'form',
    'refused: not now': 'refused',
    'refused: which country?': 'confirm-country',
    'refused: outside the hours': 'choosing',
    'refused: a limit, with other offers': 'refused',
    forgotten: 'form',
  },
  choosing: {
    submit: 'checking',
    'choose a time': 'checking',
    'choose the queue': 'checking',
    'a call from elsewhere': 'following',
    cancel: 'form',
    reset: 'form',
    leave: 'form',
  },
  following: { snapshot: 'following', 'a last snapshot': 'ended', lost: 'following', forgotten: 'form' },
  waiting: { snapshot: 'following', 'a last snapshot': 'ended', lost: 'following', forgotten: 'form', leave: 'form' },
  lost: {
    snapshot: 'following',
    'the same snapshot': 'following',
    'a new place': 'following',
    'a last snapshot': 'ended',
    'the same call from elsewhere': 'following',
    found: 'following',
    reset: 'form',
    leave: 'form',
    forgotten: 'form',
  },
  elsewhere: {
    snapshot: 'following',
    'a last snapshot': 'ended',
    'the same call of this page': 'following',
    lost: 'following',
    forgotten: 'form',
  },
  scheduled: {
    snapshot: 'following',
    // Its place was not known before.
    'a new place': 'following',
    'a last snapshot': 'ended',
    lost: 'following',
    reset: 'form',
    leave: 'form',
    forgotten: 'form',
  },
  'in the queue': {
    snapshot: 'following',
    'a new place': 'following',
    'a last snapshot': 'ended',
    lost: 'following',
    reset: 'form',
    leave: 'form',
    forgotten: 'form',
  },
  ended: {
    submit: 'checking',
    'choose a time': 'checking',
    'choose the queue': 'checking',
    reset: 'form',
    leave: 'form',
  },
  refused: {
    submit: 'checking',
    'offer-slots': 'choosing',
    'choose a time': 'checking',
    'choose the queue': 'checking',
    'a call from elsewhere': 'following',
    cancel: 'form',
    reset: 'form',
    leave: 'form',
  },
};
// An element that has sent no request shows the call that another element or tab follows.
for (const name of ['form', 'form with an error', 'checking', 'confirm-country', 'choosing', 'refused'] as const)
  Object.assign(moves[name], {
    'the same call from elsewhere': 'following',
    'the same call of this page': 'following',
  });
for (const name of ['following', 'waiting', 'scheduled', 'in the queue'] as const)
  Object.assign(moves[name], { 'the same call from elsewhere': 'following' });
Object.assign(moves.lost, { 'the same call of this page': 'following' });

describe('every phase × every input', () => {
  for (const stateName of Object.keys(states) as StateName[]) {
    for (const inputName of Object.keys(inputs) as InputName[]) {
      const expected = moves[stateName][inputName];
      test(`${stateName} + ${inputName} → ${expected ?? 'unchanged'}`, () => {
        const state: CallPhase = deepFreeze(states[stateName]);
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

test('every phase of the union is in the table', () => {
  const phases = new Set(Object.values(states).map(({ phase }) => phase));
  assert.equal(phases.size, 8);
});

describe('what a state carries', () => {
  test('a confirmed country is kept with the number', () => {
    const after = next(states['confirm-country'], inputs['country-confirmed']);
    assert.deepEqual(after, { phase: 'checking', intent: { ...intent, country: 'AT', countryConfirmed: true } });
  });

  test('a chosen slot is kept with the number', () => {
    const after = next(states.choosing, inputs['choose a time']);
    assert.deepEqual(after, { phase: 'checking', intent: { ...intent, scheduleAt: slot.at } });
  });

  test('one choice replaces the other', () => {
    const queued: CallPhase = { ...states.refused, intent: { ...intent, queue: true } };
    const atATime = next(queued, inputs['choose a time']);
    assert.deepEqual(atATime, { phase: 'checking', intent: { ...intent, scheduleAt: slot.at } });
    const later: CallPhase = { ...states.choosing, intent: { ...intent, scheduleAt: slot.at } };
    assert.deepEqual(next(later, inputs['choose the queue']), {
      phase: 'checking',
      intent: { ...intent, queue: true },
    });
    assert.deepEqual(next(queued, { type: 'choose', choice: {} }), { phase: 'checking', intent });
  });

  test('a call whose number is not known can only be requested anew', () => {
    const { intent: _, ...ended } = states.ended;
    assert.equal(next(ended, { type: 'choose', choice: {} }), ended);
  });

  test('the place in the queue changes without a journal item, but nothing else does', () => {
    const moved = next(states['in the queue'], inputs['a new place']);
    assert.ok(moved.phase === 'following');
    assert.deepEqual(moved.call.queue, { position: 2 });
    const older = { ...snapshot('scheduled', 4), queue: { position: 9 } };
    assert.equal(next(moved, { type: 'snapshot', call: older }), moved);
    // It is over once the call is placed.
    const placed = next(moved, { type: 'snapshot', call: snapshot('requested', 6) });
    assert.ok(placed.phase === 'following' && placed.call.queue === undefined);
    assert.equal(next(placed, inputs['a new place']), placed);
  });

  test('a limit is a refusal, whatever it offers; the offers are kept', () => {
    const after = next(states.submitting, inputs['refused: a limit, with other offers']);
    assert.ok(after.phase === 'refused');
    assert.deepEqual(after.problem.slots, [slot]);
    assert.deepEqual(after.problem.queue, { position: 3 });
  });

  test('the number is kept to the end, and never made up', () => {
    const accepted = next(states.submitting, inputs.accepted);
    const ended = next(accepted, { type: 'snapshot', call: snapshot('no-answer', 2) });
    assert.ok(ended.phase === 'ended');
    assert.deepEqual(ended.intent, intent);
    const resumed = next(initialState, inputs['a remembered call']);
    assert.ok(resumed.phase === 'following' && resumed.lost && !('intent' in resumed) && !('maskedPhone' in resumed));
  });

  test('a stored call keeps its masked number to the end', () => {
    const resumed = next(initialState, { ...inputs['a remembered call'], maskedPhone: '+44 ••• 58' });
    const ended = next(resumed, { type: 'snapshot', call: snapshot('busy', 10, 'b') });
    assert.ok(ended.phase === 'ended' && ended.maskedPhone === '+44 ••• 58');
  });

  test('a newer snapshot ends the lost state', () => {
    const after = next(states.lost, inputs['the same snapshot']);
    assert.ok(after.phase === 'following' && !after.lost);
  });

  test('a taken slot is reported; being outside the hours is not', () => {
    const taken = next(states.submitting, { type: 'refused', problem: refusal('slot-not-open', { slots: [slot] }) });
    assert.ok(taken.phase === 'choosing' && taken.error?.code === 'slot-not-open');
    const outside = next(states.submitting, inputs['refused: outside the hours']);
    assert.ok(outside.phase === 'choosing' && outside.error === undefined && outside.because === 'outside-hours');
  });

  test('outside the hours and without any slot, it is a refusal', () => {
    const after = next(states.submitting, { type: 'refused', problem: refusal('outside-hours', { slots: [] }) });
    assert.equal(after.phase, 'refused');
  });

  test('the visitor can retry from the form when offline, but not when the proxy is unreachable', () => {
    assert.equal(next(states.submitting, { type: 'refused', problem: refusal('offline') }).phase, 'form');
    assert.equal(next(states.submitting, { type: 'refused', problem: refusal('unreachable') }).phase, 'refused');
  });
});

test('a snapshot never moves a call backward, whatever the order of arrival', () => {
  for (const from of callStatuses) {
    for (const to of callStatuses) {
      const state = next(initialState, { type: 'resumed', call: snapshot(from, 5), elsewhere: false });
      for (const seq of [1, 4]) assert.equal(next(state, { type: 'snapshot', call: snapshot(to, seq) }), state);
      const after = next(state, { type: 'snapshot', call: snapshot(to, 6) });
      // A report about the call changes a snapshot after the end, but not its status.
      if (isTerminal(from) && from !== to) assert.equal(after, state);
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
