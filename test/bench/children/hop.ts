// The minimum a Node program does between a page and PolyAI: node:http in, an undici pool out, no storage, no checks.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const [url = '', path = '', connectorId = ''] = process.argv.slice(2);
const pool = new Pool(url, { connections: 8 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      pool
        .request({
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-connector-id': connectorId },
          body: Buffer.concat(chunks),
        })
        .then(async ({ statusCode, body }) => {
          response.writeHead(statusCode, { 'Content-Type': 'application/json' }).end(await body.text());
        })
        .catch(() => response.writeHead(502).end());
    });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
