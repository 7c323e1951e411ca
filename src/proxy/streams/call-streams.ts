// The live progress of calls: history, then live, heartbeat, end. It is handed calls whose capability was checked; it knows
// neither tokens nor origins. Every event is a whole snapshot, so a reader that misses some has missed nothing.

import type { ServerResponse } from 'node:http';
import { heartbeatMs, isTerminal } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import { snapshotOf } from '../calls/snapshot.js';
import { encodeComment, encodeEvent, parseLastEventId, streamHeaders } from './sse-encoder.js';
import type { Store, StoredCall } from '../store/store.js';
import { createStreamCounter, defaultStreamCaps, type StreamCaps } from './stream-caps.js';
import { openNodeSink, openWebSink, type Sink } from './sink.js';

/** What streams need. */
export interface CallStreamsOptions {
  readonly store: Pick<Store, 'follow'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly caps?: Partial<StreamCaps>;
  /** A stream whose store failed; the reader is told to come back. */
  readonly onFault?: (error: unknown) => void;
}

/** One reader who wants to follow one call. */
export interface Reader {
  /** As just read from the store; the capability was checked. */
  readonly call: StoredCall;
  /** Whom the address cap counts. */
  readonly address: string;
  /** The `Last-Event-ID` header as received. */
  readonly lastEventId?: string | undefined;
  /** Headers that every response to this request carries. */
  readonly head?: Readonly<Record<string, string>>;
  /** Node's response; without it a web-standard body is returned. */
  readonly outgoing?: ServerResponse | undefined;
  /** The request's signal, for the web-standard body. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a reader: a response to return, or a refusal. */
export type StreamOutcome =
  | { readonly kind: 'open'; readonly response: Response }
  | {
      readonly kind: 'refused';
      readonly code: 'too-many-streams' | 'shutting-down';
      readonly retryAfterSeconds: number;
    };

/** All streams of this process. */
export interface CallStreams {
  /** Opens a stream, or answers `204` when there is nothing left to tell. */
  follow(reader: Reader): StreamOutcome;
  /** Streams open now. */
  open(): number;
  /** Ends every stream with a spread invitation to come back, and opens no more. Resolves when all are closed, at the latest after two seconds. */
  drain(): Promise<void>;
}

/** A stream lives this long at least, and that much longer at most, milliseconds: 600 s ± 10 % less one heartbeat, at which it is ended. */
const shortestLifeMs = 540_000;
const lifeSpreadMs = 120_000 - heartbeatMs;
/** A reader that is behind for this long is dropped, milliseconds. */
const stuckMs = 5_000;
/** Readers of a draining process come back spread over this time, milliseconds (those of an ended life are spread already). */
const drainSpreadMs = 5_000;
const lifeSpreadRetryMs = 2_000;
const drainDeadlineMs = 2_000;
/** An encoding older than this is made anew: its `now` would make a late reader's timer wrong. */
const encodingLifeMs = 250;

const heartbeat = encodeComment('still here');
const nothing = (): void => {};

interface Stream {
  readonly sink: Sink;
  readonly endsAt: number;
  readonly closing: AbortController;
  isBehind: boolean;
  /** Aborted when the reader has caught up or is gone. */
  patience: AbortController | undefined;
  /** Wakes what waits for the reader to catch up. */
  wake: () => void;
}

/** Makes the streams of one process. */
export const createCallStreams = ({ store, clock, random, caps = {}, onFault }: CallStreamsOptions): CallStreams => {
  const counter = createStreamCounter({ ...defaultStreamCaps, ...caps });
  const streams = new Set<Stream>();
  const encodings = new WeakMap<StoredCall, { readonly text: string; readonly at: number }>();
  let isBeating = false;
  let isDraining = false;
  let onEmpty = nothing;

  /** Once per change of a call, however many follow it: the store gives them all the same object. */
  const encode = (call: StoredCall): string => {
    const known = encodings.get(call);
    const at = clock.now();
    if (known !== undefined && Math.abs(at - known.at) <= encodingLifeMs) return known.text;
    const snapshot = snapshotOf(call, at);
    const text = encodeEvent({ event: 'snapshot', id: snapshot.seq, data: snapshot });
    encodings.set(call, { text, at });
    return text;
  };

  const send = (stream: Stream, text: string): void => {
    if (stream.sink.write(text) || stream.isBehind) return;
    stream.isBehind = true;
    losePatience(stream);
  };

  /** Drops a reader that neither catches up nor goes away by itself. */
  const losePatience = (stream: Stream): void => {
    stream.patience?.abort();
    stream.patience = new AbortController();
    clock.after(stuckMs, () => stream.sink.destroy(), stream.patience.signal);
  };

  const sayGoodbye = (stream: Stream, retryMs: number): void => {
    stream.closing.abort();
    stream.sink.write(encodeEvent({ event: 'goodbye', data: { retryMs }, retryMs }));
    finish(stream);
  };

  /** Ends a stream after what was sent; a reader that does not take even that is dropped. */
  const finish = (stream: Stream): void => {
    losePatience(stream);
    stream.sink.end();
  };

  /** One timer for all streams: signs of life, and ends of lives. */
  const beat = (): void => {
    isBeating = streams.size > 0;
    if (!isBeating) return;
    const now = clock.now();
    for (const stream of streams) {
      if (stream.endsAt <= now) sayGoodbye(stream, Math.round(random() * lifeSpreadRetryMs));
      else if (!stream.isBehind) send(stream, heartbeat);
    }
    clock.after(heartbeatMs, beat);
  };

  const relay = async (stream: Stream, callId: string, afterSeq: number): Promise<void> => {
    try {
      for await (const call of store.follow(callId, afterSeq, stream.closing.signal)) {
        send(stream, encode(call));
        if (isTerminal(call.status)) break;
        // The store keeps the newest state for a reader that is behind and lets go of the older ones.
        if (stream.isBehind) await new Promise<void>((resolve) => (stream.wake = resolve));
      }
      if (!stream.closing.signal.aborted) finish(stream);
    } catch (error) {
      if (stream.closing.signal.aborted) return;
      onFault?.(error);
      sayGoodbye(stream, Math.round(random() * drainSpreadMs));
    }
  };

  return {
    open: counter.open,
    follow: ({ call, address, lastEventId, outgoing, signal, head }) => {
      if (isDraining) return { kind: 'refused', code: 'shutting-down', retryAfterSeconds: 5 };
      const newest = call.history.at(-1)?.seq ?? 0;
      const told = parseLastEventId(lastEventId) ?? 0;
      // An id from the future is not one of ours: everything is told again.
      const afterSeq = told > newest ? 0 : told;
      if (isTerminal(call.status) && afterSeq === newest) {
        return {
          kind: 'open',
          response: new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } }),
        };
      }
      // HEAD asks for the head alone: a stream without a body would keep its place for ten minutes.
      if (outgoing?.req.method === 'HEAD') {
        return { kind: 'open', response: new Response(null, { headers: { ...streamHeaders } }) };
      }
      const giveBack = counter.take(call.id, address);
      if (giveBack === undefined) return { kind: 'refused', code: 'too-many-streams', retryAfterSeconds: 30 };
      const headers = { ...streamHeaders, ...head };
      const { sink, response } =
        outgoing === undefined ? openWebSink(headers, signal) : openNodeSink(outgoing, headers);
      const endsAt = clock.now() + shortestLifeMs + random() * lifeSpreadMs;
      const stream: Stream = {
        sink,
        endsAt,
        closing: new AbortController(),
        isBehind: false,
        patience: undefined,
        wake: nothing,
      };
      streams.add(stream);
      sink.onDrain(() => {
        stream.isBehind = false;
        // Once goodbye was said only the end of the connection counts.
        if (!stream.closing.signal.aborted) stream.patience?.abort();
        stream.wake();
      });
      sink.onClose(() => {
        stream.closing.abort();
        stream.patience?.abort();
        stream.wake();
        streams.delete(stream);
        giveBack();
        if (streams.size === 0) onEmpty();
      });
      // The first byte goes out at once: a reader knows then that nothing on the way holds the stream back.
      send(stream, encodeComment('open'));
      if (!isBeating) {
        isBeating = true;
        clock.after(heartbeatMs, beat);
      }
      void relay(stream, call.id, afterSeq);
      return { kind: 'open', response };
    },
    drain: async () => {
      isDraining = true;
      if (streams.size === 0) return;
      const emptied = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      for (const stream of streams) sayGoodbye(stream, Math.round(random() * drainSpreadMs));
      const late = new AbortController();
      const tooLate = new Promise<void>((resolve) => clock.after(drainDeadlineMs, resolve, late.signal));
      await Promise.race([emptied, tooLate]);
      late.abort();
      for (const stream of streams) stream.sink.destroy();
    },
  };
};
