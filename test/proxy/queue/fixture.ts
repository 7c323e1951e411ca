// The whole app with its queue, whose turns the test takes itself.

import type { CallAccepted, CallRequest, CallSnapshot, ProblemBody } from '../../../src/contract.js';
import { createLog } from '../../../src/proxy/core/log.js';
import { createQueueTurns, type QueueTurns } from '../../../src/proxy/queue/turns.js';
import { createCallStreams } from '../../../src/proxy/streams/call-streams.js';
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
  /** Opens the call's stream, after what `lastEventId` says; the returned function reads the snapshots that have arrived since. */
  stream(
    call: Pick<CallAccepted, 'id' | 'token'>,
    lastEventId?: string,
  ): Promise<() => Promise<readonly CallSnapshot[]>>;
  /** Ends a call, which makes room. */
  end(callId: string): Promise<void>;
}

export function queueFixture(env: Readonly<Record<string, string>> = {}, options: FixtureOptions = {}): QueueFixture {
  const fixture = createFixture({ ...options, env: { LIMIT_SITE_IN_FLIGHT: '1', ...env } });
  const { store, placer, keyring, hours, places, planRedial, clock, gates, lines } = fixture;
  const moved: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), clock, secrets: [] });
  const callStreams = createCallStreams({
    store,
    clock,
    random: () => 0,
    view: { queue: places, tokenOf: keyring.token },
  });
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
    onMoved: (ids) => {
      moved.push(...ids);
      callStreams.showAgain(ids);
    },
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
    async stream({ id }: Pick<CallAccepted, 'id' | 'token'>, lastEventId?: string) {
      await places.read(id);
      const call = await store.read(id);
      if (call === undefined) throw new Error('no such call');
      const outcome = callStreams.follow({ call, address: '203.0.113.9', lastEventId });
      if (outcome.kind === 'refused' || outcome.response.body === null) throw new Error('no stream');
      let text = '';
      const decoder = new TextDecoder();
      const reader = outcome.response.body.getReader();
      const pump = async (): Promise<void> => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          text += decoder.decode(value);
        }
      };
      void pump();
      return async () => {
        for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
        const found = [...text.matchAll(/id: (\d+)\nevent: snapshot\ndata: (.*)\n/g)];
        text = '';
        return found.map(([, seq, data = '']) => {
          const snapshot = JSON.parse(data) as CallSnapshot;
          if (snapshot.seq !== Number(seq)) throw new Error('the ID is not the sequence number');
          return snapshot;
        });
      };
    },
    end: async (callId: string) => {
      await store.append(callId, [{ status: 'completed', at: clock.now() }]);
    },
  });
}

export const problemOf = async (response: Response): Promise<ProblemBody> => (await response.json()) as ProblemBody;
