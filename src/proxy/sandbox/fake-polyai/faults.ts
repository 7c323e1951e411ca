// Turns a fault into bytes on the wire, or the lack of them.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Fault } from './script.js';

/** Applies the fault to a response. `right` is the body that a correct response would have had. */
export const misbehave = (fault: Exclude<Fault, { kind: 'id' }>, response: ServerResponse, right: string): void => {
  switch (fault.kind) {
    case 'answer':
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    case 'hang':
      return;
    case 'truncate':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': right.length + 100 });
      response.write(right.slice(0, right.length / 2), () => response.destroy());
      return;
    case 'flood':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(`"${'x'.repeat(fault.bytes)}"`);
      return;
    case 'gzip-bomb':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(fault.bytes, ' ')));
      return;
    case 'drip':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': right.length });
      drip(response, right, fault.everyMs);
      return;
    case 'reset':
    case 'reset-unread':
      reset(response.socket);
  }
};

const reset = (socket: Socket | null): void => {
  socket?.resetAndDestroy();
};

const drip = (response: ServerResponse, body: string, everyMs: number): void => {
  let sent = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(body.slice(sent, sent + 1));
    sent += 1;
    if (sent === body.length) response.end();
  }, everyMs);
  response.on('close', () => clearInterval(timer));
};
