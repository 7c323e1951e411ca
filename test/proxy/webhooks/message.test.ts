// The body of a message. Mutations that turn it red: open the number for everyone; insert a value as JSON text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../../../src/proxy/store/outbox.js';
import { bodyOf, filled } from '../../../src/proxy/webhooks/message.js';
import { endpointAt } from './fixture.js';

const delivery: Delivery = {
  endpoint: 'crm',
  id: 'abc.call.ended',
  event: 'call.ended',
  at: Date.UTC(2026, 2, 2, 9),
  data: { callId: 'abc', status: 'completed', talkedSeconds: 65 },
  sealedNumber: 'sealed +14155550100',
  attempts: 0,
  retryUntil: 0,
  lease: 'l',
};
const keyring = { open: (sealed: string) => sealed.replace('sealed ', '') };
const openOutcome = (): object => ({ answeredBy: 'person', agreed: ['"}, {"'] });
const made = (over: Parameters<typeof endpointAt>[1] = {}, event: Delivery['event'] = 'call.ended'): unknown =>
  JSON.parse(bodyOf(endpointAt('https://x.example/', over), { ...delivery, event }, { keyring, openOutcome }));

test('an event has the form that Standard Webhooks specifies, without the number', () => {
  assert.deepEqual(made(), {
    type: 'call.ended',
    timestamp: '2026-03-02T09:00:00.000Z',
    data: { callId: 'abc', status: 'completed', talkedSeconds: 65 },
  });
});

test('the number is for endpoints that asked for it, the report for its own event', () => {
  const { data } = made({ number: true }, 'call.outcome') as { data: Record<string, unknown> };
  assert.equal(data['number'], '+14155550100');
  assert.deepEqual(data['outcome'], { answeredBy: 'person', agreed: ['"}, {"'] });
});

test('what cannot be decrypted is left out, and the event is sent', () => {
  const broken = (): never => {
    throw new Error('key gone');
  };
  const outcome = { answeredBy: 'person', disposition: 'other', sealedText: '', reportedAt: 0, revision: 1 } as const;
  const text = bodyOf(
    endpointAt('https://x.example/', { number: true }),
    { ...delivery, event: 'call.outcome', outcome },
    { keyring: { open: broken }, openOutcome: broken },
  );
  const { data } = JSON.parse(text) as { data: Record<string, unknown> };
  assert.equal('number' in data, false);
  assert.deepEqual(data['outcome'], { answeredBy: 'person', disposition: 'other' });
});

test('a template is filled with values, which cannot change its shape', () => {
  const body = {
    text: 'Call {{data.callId}} took {{ data.talkedSeconds }} s{{data.missing}}',
    seconds: '{{data.talkedSeconds}}',
    nothing: '{{data.missing}}',
    list: ['{{data.outcome.agreed}}', 1, true, null],
    '{{type}}': { deep: '{{type}}: {{data.outcome.agreed}}' },
  };
  assert.deepEqual(made({ body }, 'call.outcome'), {
    text: 'Call abc took 65 s',
    seconds: 65,
    nothing: null,
    list: [['"}, {"'], 1, true, null],
    '{{type}}': { deep: 'call.outcome: "}, {"' },
  });
});

test('a placeholder reaches only what the event has', () => {
  for (const path of ['constructor', '__proto__', 'data.constructor.name', 'toString', 'data.callId.length'])
    assert.equal(filled(`{{${path}}}`, { data: { callId: 'abc' } }), null, path);
});
