// The whole app with its queue, whose turns the test takes itself.

import type { CallAccepted, CallRequest, CallSnapshot, ProblemBody } from '../../../src/contract.js';
import { createLog } from '../../../src/proxy/core/log.js';
import { createQueueTurns, type QueueTurns } from '../../../src/proxy/queue/turns.js';
import { acceptedOf, callRequest, createFixture, type Fixture, freshNumber, origin } from '../fixtures/app.js';
import type { FixtureOptions, RequestOver } from '../fixtures/app.js';

export interface QueueFixture extends Fixture {
  readonly turns: QueueTurns;
  /** The calls whose places have changed, in the order in which they were reported. */
  readonly moved: string[];
  /** Takes a turn and waits for what it has started. */
  turn(): Promise<void>;
  /** Requests an immediate call. */
  call(over?: Partial<CallRequest>, request?: RequestOver): Promise<Response>;
  /** Requests a call that waits if it must. */
  join(over?: Partial<CallRequest>, request?: RequestOver): Promise<CallAccepted>;
  /** The call as its page sees it. */
  see(call: Pick<CallAccepted, 'id' | 'token'>): Promise<CallSnapshot>;
  leave(call: Pick<CallAccepted, 'id' | 'token'>): Promise<Response>;
  /** Ends a call, which makes room. */
  end(callId: string): Promise<void>;
}

export function queueFixture(env: Readonly<Record<string, string>> = {}, options: FixtureOptions = {}): QueueFixture {
  const fixture = createFixture({ ...options, env: { LIMIT_SITE_IN_FLIGHT: '1', ...env } });
  const { store, placer, keyring, hours, places, planRedial, clock, gates, lines } = fixture;
  const moved: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), clock, secrets: [] });
  const turns = createQueueTurns({
    ...gates,
    store,
    placer,
    keyring,
    hours,
    places,
    planRedial,
    clock,
    log,
    onMoved: (ids) => moved.push(...ids),
  });
  const authorized = ({ id, token }: Pick<CallAccepted, 'id' | 'token'>) => ({
    headers: { Origin: origin, Authorization: `Bearer ${id}.${token}` },
  });
  return Object.assign(fixture, {
    turns,
    moved,
    async turn() {
      turns.tick(true);
      await turns.idle();
      await placer.idle();
    },
    call: (over: Partial<CallRequest> = {}, request: RequestOver = {}) =>
      fixture.post(callRequest({ phone: freshNumber(), ...over }), request),
    join: async (over: Partial<CallRequest> = {}, request: RequestOver = {}) =>
      acceptedOf(await fixture.post(callRequest({ phone: freshNumber(), queue: true, ...over }), request)),
    see: async (call: Pick<CallAccepted, 'id' | 'token'>) =>
      (await (await fixture.request('/v1/calls', authorized(call))).json()) as CallSnapshot,
    leave: (call: Pick<CallAccepted, 'id' | 'token'>) =>
      fixture.request('/v1/calls', { ...authorized(call), method: 'DELETE' }),
    end: async (callId: string) => {
      await store.append(callId, [{ status: 'completed', at: clock.now() }]);
    },
  });
}

export const problemOf = async (response: Response): Promise<ProblemBody> => (await response.json()) as ProblemBody;
