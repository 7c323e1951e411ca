// Where a stream's text goes: the Node response itself (half the memory and half the delay of a web stream, measured), or a
// web-standard body where there is no Node response. One small interface, so that the rest does not know which.

import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** An open response body. */
export interface Sink {
  /** Sends text. False: the peer does not keep up, and `onDrain` will say when it has caught up. */
  write(text: string): boolean;
  /** Called whenever a peer that was behind has caught up. Registered once. */
  onDrain(task: () => void): void;
  /** Called once, when the body is closed, by whichever side. */
  onClose(task: () => void): void;
  /** Ends the body after what was written. */
  end(): void;
  /** Drops the connection and what was not sent yet. */
  destroy(): void;
}

/** A sink and what the handler returns for it. */
export interface Opened {
  readonly sink: Sink;
  readonly response: Response;
}

/** Opens the body of a Node response; its head leaves with the first write. Headers already set on it (CORS) go along. */
export const openNodeSink = (outgoing: ServerResponse, headers: Readonly<Record<string, string>>): Opened => {
  // A write can meet a connection that just broke; `close` tells what there is to tell.
  outgoing.on('error', ignore);
  outgoing.writeHead(200, { ...headers });
  // A copy: middleware sets headers on what a handler returns, and the original is one object for the whole process.
  return { sink: new NodeSink(outgoing), response: RESPONSE_ALREADY_SENT.clone() };
};

/** A class, not closures: there is one for every poller, and five functions each would cost as much as all the rest. */
class NodeSink implements Sink {
  readonly #outgoing: ServerResponse;

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing;
  }

  write(text: string): boolean {
    return !this.#outgoing.destroyed && !this.#outgoing.writableEnded && this.#outgoing.write(text);
  }

  onDrain(task: () => void): void {
    this.#outgoing.on('drain', task);
  }

  onClose(task: () => void): void {
    if (this.#outgoing.destroyed || this.#outgoing.closed) task();
    else this.#outgoing.once('close', task);
  }

  end(): void {
    this.#outgoing.end();
  }

  destroy(): void {
    this.#outgoing.destroy();
  }
}

const ignore = (): void => {};

/** Opens a web-standard body. `signal`: the request's, aborted when the peer is gone. */
export const openWebSink = (headers: Readonly<Record<string, string>>, signal?: AbortSignal): Opened => {
  const encoder = new TextEncoder();
  const drained: (() => void)[] = [];
  const closed: (() => void)[] = [];
  let isOpen = true;
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;

  const close = (task: () => void): void => {
    if (!isOpen) return;
    isOpen = false;
    task();
    for (const told of closed.splice(0)) told();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        body = controller;
      },
      pull: () => {
        for (const told of drained) told();
      },
      cancel: () => close(() => {}),
    },
    { highWaterMark: 16 },
  );
  const destroy = (): void => close(() => body?.error(new Error('stream dropped')));
  signal?.addEventListener('abort', destroy, { once: true });
  if (signal?.aborted) destroy();

  return {
    sink: {
      write: (text) => {
        if (!isOpen || body === undefined) return false;
        body.enqueue(encoder.encode(text));
        return (body.desiredSize ?? 0) > 0;
      },
      onDrain: (task) => void drained.push(task),
      onClose: (task) => {
        if (isOpen) closed.push(task);
        else task();
      },
      end: () => close(() => body?.close()),
      destroy,
    },
    response: new Response(stream, { status: 200, headers: { ...headers } }),
  };
};
