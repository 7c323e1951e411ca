// The minimum a Node program does between a page and PolyAI: node:http in, node:http out, no storage, no checks.

import { Agent, createServer, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';

const [url = '', path = '', connectorId = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      open(
        new URL(path, url),
        { agent, method: 'POST', headers: { 'content-type': 'application/json', 'x-connector-id': connectorId } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, { 'Content-Type': 'application/json' });
          answer.pipe(response);
        },
      )
        .on('error', () => response.writeHead(502).end())
        .end(Buffer.concat(chunks));
    });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
