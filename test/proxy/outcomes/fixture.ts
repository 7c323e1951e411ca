// Fixtures for outcomes: a report as an agent sends it, signed or with a token.

import { Webhook } from 'standardwebhooks';
import type { CallAccepted, CallSnapshot, CallStatus } from '../../../src/contract.js';
import { acceptedOf, createFixture, type Fixture, type FixtureOptions, origin } from '../fixtures/app.js';

export const secret = `whsec_${Buffer.from('outcomes-secret-of-32-bytes-0001').toString('base64')}`;
export const olderSecret = `whsec_${Buffer.from('outcomes-secret-of-32-bytes-0000').toString('base64')}`;
export const token = 'outcomes-token-with-enough-characters-01';

export const createOutcomesFixture = (options: FixtureOptions = {}): Fixture =>
  createFixture({
    ...options,
    env: {
      OUTCOMES_SECRET: `${secret},${olderSecret}`,
      OUTCOMES_TOKEN: token,
      OUTCOMES_LINK_HOSTS: 'www.example.com,book.example.com',
      ...options.env,
    },
  });

export type Data = Readonly<Record<string, unknown>>;

/** A complete report on a call. */
export const reportOn = (callId: string, over: Data = {}): Data => ({
  call_id: callId,
  answered_by: 'person',
  disposition: 'appointment-booked',
  agreed: ['We come on Tuesday at 10:00.', 'You keep the old key.'],
  appointment: {
    start: '2026-03-10T10:00:00+01:00',
    end: '2026-03-10T11:00:00+01:00',
    time_zone: 'Europe/Berlin',
    title: 'Boiler inspection',
  },
  links: [{ url: 'https://book.example.com/manage/17', title: 'Change your appointment' }],
  do_not_call: false,
  ...over,
});

export interface Sending {
  readonly id?: string;
  readonly at?: number;
  readonly key?: string;
  /** Sent instead of a signature. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signedBody?: string;
}

let sent = 0;

/** Sends a body as an agent does. */
export function send(fixture: Fixture, body: string, options: Sending = {}): Promise<Response> {
  sent += 1;
  const { id = `msg_${String(sent)}`, at = fixture.clock.now(), key = secret, bearer, headers = {} } = options;
  const signing =
    bearer === undefined
      ? {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at / 1_000)),
          'webhook-signature': new Webhook(key).sign(id, new Date(at), options.signedBody ?? body),
        }
      : { Authorization: `Bearer ${bearer}`, ...(options.id !== undefined && { 'webhook-id': id }) };
  return fixture.request('/v1/webhooks/outcomes', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...signing, ...headers },
  });
}

export const report = (fixture: Fixture, data: Data, options: Sending = {}): Promise<Response> =>
  send(fixture, JSON.stringify({ type: 'call.outcome', timestamp: '2026-03-02T15:00:00Z', data }), options);

/** A call that was placed, in this status. */
export async function placedCall(fixture: Fixture, status?: CallStatus): Promise<CallAccepted> {
  const call = await acceptedOf(await fixture.post());
  if (status !== undefined) await fixture.store.append(call.id, [{ status, at: fixture.clock.now() }]);
  return call;
}

/** The call as its page reads it. */
export async function readCall(fixture: Fixture, { id, token: capability }: CallAccepted): Promise<CallSnapshot> {
  const response = await fixture.request(`/v1/calls/${id}`, {
    headers: { Authorization: `Bearer ${capability}`, Origin: origin },
  });
  return (await response.json()) as CallSnapshot;
}
