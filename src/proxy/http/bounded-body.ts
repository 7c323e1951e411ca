// The bytes of a request's body, bounded. On Node they are taken from the socket's own stream: a web stream would cost as much
// as the rest of a refusal (measured).

import type { IncomingMessage } from 'node:http';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** Reads at most `max` bytes. A Content-Length only allows an earlier refusal. */
export async function readBytes(
  request: Request,
  incoming: IncomingMessage | undefined,
  max: number,
): Promise<Verdict<Uint8Array>> {
  if (Number(request.headers.get('content-length') ?? 0) > max) return refuse({ code: 'body-too-large' });
  try {
    // `on` is missing if a test replaces the socket.
    const read = typeof incoming?.on === 'function' ? await fromNode(incoming, max) : await fromWeb(request, max);
    return read === undefined ? refuse({ code: 'body-too-large' }) : allow(read);
  } catch {
    // The connection broke, or the server's own limit closed it: probably nobody will read this.
    return refuse({ code: 'request-timeout' });
  }
}

async function fromWeb(request: Request, max: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > max) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Not `for await`: leaving that early destroys the socket before the refusal is written. */
function fromNode(incoming: IncomingMessage, max: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.byteLength;
      if (size <= max) chunks.push(chunk);
      else finish(() => resolve(undefined));
    };
    const onEnd = (): void => finish(() => resolve(Buffer.concat(chunks)));
    const onBroken = (): void => finish(() => reject(new Error('body broke off')));
    const finish = (settle: () => void): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      incoming.pause();
      settle();
    };
    if (incoming.destroyed) return reject(new Error('body broke off'));
    incoming.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}
