// The least a Node server does for the same streams: keeps them open and writes to all of them.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectGarbage, type StreamOrder } from './stream-order.js';

const streams: ServerResponse[] = [];
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':open\n\n');
  streams.push(response);
});
server.listen(0, '127.0.0.1', 4_096, () =>
  process.send?.({ port: (server.address() as AddressInfo).port, pids: [process.pid] }),
);

process.on('message', (order: StreamOrder) => {
  if (order.kind === 'collect') return collectGarbage();
  for (const response of streams) response.write(`event: snapshot\ndata: ${order.text}\n\n`);
  process.send?.({ done: true });
});
