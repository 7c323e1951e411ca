// A receiver on loopback, and endpoints that lead to it.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookEndpoint } from '../../../src/proxy/webhooks/endpoint.js';
import { webhookEvents } from '../../../src/proxy/store/outbox.js';

export const secret = `whsec_${Buffer.from('an endpoint secret of 32 bytes..').toString('base64')}`;

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How the next requests are answered, after their body was read. */
  answer: RequestListener;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      self.answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const self: Receiver = {
    url: `http://127.0.0.1:${String(port)}/hook`,
    port,
    received,
    answer: (_request, response) => response.writeHead(200).end('ok'),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

export const endpointAt = (url: string, over: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  name: 'crm',
  url,
  secrets: [secret],
  events: webhookEvents,
  number: false,
  private: true,
  headers: {},
  ...over,
});
