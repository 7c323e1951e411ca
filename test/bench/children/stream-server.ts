// The proxy's real streams around one call: the app's server, the handler, call-streams.ts and the store's hub. Only the caps are
// lifted: in production two readers may follow one call.

import { Hono } from 'hono';
import type { AppEnv } from '../../../src/proxy/http/context.js';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { createCallEvents } from '../../../src/proxy/routes/call-events.js';
import { serverLimits } from '../../../src/proxy/process/server-limits.js';
import { listen } from '../../../src/proxy/process/http-server.js';
import type { OneCall } from '../../../src/proxy/routes/call.js';
import { createCallStreams } from '../../../src/proxy/streams/call-streams.js';
import { createHub } from '../../../src/proxy/store/hub.js';
import type { StoredCall } from '../../../src/proxy/store/store.js';
import { callWith } from '../../proxy/fixtures/call-streams.js';
import { collectGarbage, type StreamOrder } from './stream-order.js';

const nothing = (): void => {};
const hub = createHub(nothing, nothing);
let call: StoredCall = callWith(['requested']);
const many = 100_000;
const callStreams = createCallStreams({
  store: {
    subscribe: (id, subscriber) => hub.subscribe(id, subscriber, () => Promise.resolve(call)),
    unsubscribe: (id, subscriber) => hub.unsubscribe(id, subscriber),
  },
  clock: systemClock,
  random: Math.random,
  caps: { perCall: many, perAddress: many, perProcess: many },
});
const oneCall = { find: () => Promise.resolve(call) } as unknown as OneCall;
const app = new Hono<AppEnv>();
app.use(async (c, next) => {
  c.set('requestId', 'bench');
  c.set('address', {
    bucket: 'bench',
    networkPrefix: 'bench',
    providerPrefix: 'bench',
  } as AppEnv['Variables']['address']);
  await next();
});
app.get('/healthz', () => new Response('{"status":"alive"}'));
app.get('/', createCallEvents(callStreams)(oneCall));
const server = await listen(0, '127.0.0.1', { ...serverLimits, connections: many, connectionsPerAddress: many });
server.answerWith(app.fetch);
process.send?.({ port: server.port, pids: [process.pid] });

process.on('message', (order: StreamOrder) => {
  if (order.kind === 'collect') return collectGarbage();
  const statuses = [...call.history.map(({ status }) => status), 'ringing'] as const;
  // Any field will do: the event must be as long as those of the other servers, and recognizable.
  call = { ...callWith(statuses), scheduledFor: { at: '', zone: order.text, wall: '' } };
  hub.publish(call);
  process.send?.({ done: true });
});
