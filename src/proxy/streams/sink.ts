// Where a stream's frames go: the connection itself, or a web-standard body where there is none. One small interface, so that
// the rest need not distinguish them.

import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Frame, lastChunk } from './frame.js';

/** An open response body. */
export interface Sink {
  /** Sends a frame. Returns false when the peer is not keeping up; `drained` is called when it has caught up. */
  write(frame: Frame): boolean;
  /** Ends the body, and the connection, after what was written. */
  end(): void;
  /** Drops the connection and what was not sent yet. */
  destroy(): void;
}

/** Callbacks of a sink. */
export interface SinkOwner {
  /** A peer that was behind has caught up. */
  drained(): void;
  /** The body is closed, by whichever side. Called once. */
  closed(): void;
}

/** A sink and what the handler returns for it. */
export interface Opened {
  readonly sink: Sink;
  readonly response: Response;
}

type Headers = Readonly<Record<string, string>>;

/** True when a stream can be written to the connection itself, because no earlier response is still in progress on it. */
export const hasSocket = (outgoing: ServerResponse | undefined): outgoing is ServerResponse & { socket: Socket } =>
  outgoing?.socket !== null && outgoing?.socket !== undefined;

/**
 * Opens a stream on the connection of a Node response. Headers and frames are written as bytes: what Node keeps for a response
 * that it writes itself takes more memory than the rest of a stream (measured). Throws nothing; a broken connection reports
 * `closed`.
 */
export function openSocketSink(
  outgoing: ServerResponse & { socket: Socket },
  headers: Headers,
  owner: SinkOwner,
): Opened {
  const { socket, req } = outgoing;
  // nginx uses HTTP/1.0 unless configured otherwise, which has no chunked encoding: the body ends with the connection.
  const isChunked = req.httpVersionMajor === 1 && req.httpVersionMinor === 1;
  // The adapter's listener would keep the whole request in memory for the life of the stream; none of it is needed anymore.
  outgoing.removeAllListeners('close');
  req.rawHeaders = [];
  req.headers = {};
  const sink = new SocketSink(socket, isChunked, owner);
  socket.write(headOf({ ...headers, Connection: 'close', ...(isChunked && { 'Transfer-Encoding': 'chunked' }) }));
  // A copy: the original is one object for the whole process.
  return { sink, response: RESPONSE_ALREADY_SENT.clone() };
}

function headOf(headers: Headers): string {
  const lines = Object.entries({ ...headers, Date: new Date().toUTCString() }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 200 ${String(STATUS_CODES[200])}\r\n${lines.join('')}\r\n`;
}

const sinkOf = Symbol('sink');
type StreamSocket = Socket & { [sinkOf]?: SocketSink };

// One function for all sockets: a closure for each would cost as much as the stream.
function onDrain(this: StreamSocket): void {
  this[sinkOf]?.owner.drained();
}
function onClose(this: StreamSocket): void {
  this[sinkOf]?.owner.closed();
}

class SocketSink implements Sink {
  readonly owner: SinkOwner;
  readonly #socket: StreamSocket;
  readonly #isChunked: boolean;

  constructor(socket: StreamSocket, isChunked: boolean, owner: SinkOwner) {
    this.owner = owner;
    this.#socket = socket;
    this.#isChunked = isChunked;
    socket[sinkOf] = this;
    socket.on('drain', onDrain).on('close', onClose);
    // The connection broke before there was a stream.
    if (socket.destroyed) queueMicrotask(() => owner.closed());
  }

  write(frame: Frame): boolean {
    return this.#socket.writable && this.#socket.write(this.#isChunked ? frame.chunk : frame.text);
  }

  end(): void {
    if (this.#isChunked && this.#socket.writable) this.#socket.write(lastChunk);
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Opens a web-standard body. `signal`: the request's, aborted when the peer is gone. */
export function openWebSink(headers: Headers, owner: SinkOwner, signal?: AbortSignal): Opened {
  let isOpen = true;
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;

  const close = (finish: () => void): void => {
    if (!isOpen) return;
    isOpen = false;
    finish();
    owner.closed();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        body = controller;
      },
      pull: () => owner.drained(),
      cancel: () => close(() => {}),
    },
    { highWaterMark: 16 },
  );
  const destroy = (): void => close(() => body?.error(new Error('stream dropped')));
  signal?.addEventListener('abort', destroy, { once: true });
  if (signal?.aborted) queueMicrotask(destroy);

  return {
    sink: {
      write: (frame) => {
        if (!isOpen || body === undefined) return false;
        body.enqueue(frame.text);
        return (body.desiredSize ?? 0) > 0;
      },
      end: () => close(() => body?.close()),
      destroy,
    },
    response: new Response(stream, { status: 200, headers: { ...headers } }),
  };
}
