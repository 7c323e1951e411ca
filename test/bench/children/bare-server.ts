// The minimum a Node server does for the same traffic: reads a body and refuses it, or keeps streams open and writes to all of them.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportMemory, type StreamOrder } from './stream-order.js';

const refusal = JSON.stringify({ type: 'urn:bench', title: 'No', status: 429, code: 'visitor-limit' });
const streams: ServerResponse[] = [];
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':open\n\n');
    streams.push(response);
    return;
  }
  request.resume().on('end', () => {
    response.writeHead(429, { 'Content-Type': 'application/problem+json' }).end(refusal);
  });
});
server.listen(0, '127.0.0.1', 4_096, () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', (order: StreamOrder) => {
  if (order.kind === 'memory') return reportMemory();
  for (const response of streams) response.write(`event: snapshot\ndata: ${order.text}\n\n`);
  process.send?.({ done: true });
});
