// Live progress of calls: history, then changes, heartbeats and the end. Callers have checked the token and the origin. Every
// event is a complete snapshot, so a reader that misses some has missed nothing.

import type { ServerResponse } from 'node:http';
import { heartbeatMs, isTerminal } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import { type HolderView, snapshotOf } from '../calls/snapshot.js';
import { seqOf } from '../store/sequence.js';
import type { Store, StoredCall, Subscriber } from '../store/store.js';
import { type Frame, frameOf } from './frame.js';
import { hasSocket, openSocketSink, openWebSink, type Sink, type SinkOwner } from './sink.js';
import { encodeComment, encodeEvent, parseLastEventId, streamHeaders } from './sse-encoder.js';
import { createStreamCounter, defaultStreamCaps, type StreamCaps } from './stream-caps.js';

/** Dependencies of streams. */
export interface CallStreamsOptions {
  readonly store: Pick<Store, 'subscribe' | 'unsubscribe'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly caps?: Partial<StreamCaps>;
  /** Where the operator takes reports on calls, streams stay open for one for a while after the end. */
  readonly view?: HolderView | undefined;
  /** Called when a stream's store failed; the reader is asked to reconnect. */
  readonly onFault?: (error: unknown) => void;
}

/** One reader of one call. */
export interface Reader {
  /** As just read from the store; its token has been checked. */
  readonly call: StoredCall;
  /** The bucket of the per-address cap. */
  readonly address: string;
  /** The `Last-Event-ID` header as received. */
  readonly lastEventId?: string | undefined;
  /** Headers that every response to this request carries. */
  readonly head?: Readonly<Record<string, string>>;
  /** Node's response; without it a web-standard body is returned. */
  readonly outgoing?: ServerResponse | undefined;
  /** The request's signal, for the web-standard body. A function, because reading it creates a controller for every request. */
  readonly signal?: (() => AbortSignal) | undefined;
}

/** The outcome for a reader: a response to return, or a refusal. */
export type StreamOutcome =
  | { readonly kind: 'open'; readonly response: Response }
  | {
      readonly kind: 'refused';
      readonly code: 'too-many-streams';
      readonly retryAfterSeconds: number;
    };

/** All streams of this process. */
export interface CallStreams {
  /**
   * Opens a stream, or answers `204` when there is nothing left to report. At a call's limit, the newest replaces the oldest: a
   * phone that changed networks leaves behind one that nobody reads.
   */
  follow(reader: Reader): StreamOutcome;
  /** Streams open now. */
  open(): number;
  /** Sends the readers of calls that wait a new snapshot with the same ID: something that is not in the journal has changed. */
  showAgain(callIds: readonly string[]): void;
  /** Ends every stream, asking readers to reconnect at different times, and opens no more. Resolves when all are closed, at the latest after two seconds. */
  drain(): Promise<void>;
}

/** Minimum lifetime of a stream, and the most that is added to it, milliseconds: 600 s ± 10%, less the heartbeat at which it ends. */
const shortestLifeMs = 540_000;
const lifeSpreadMs = 120_000 - heartbeatMs;
/** A reader that is behind for this long is dropped, milliseconds. */
const stuckMs = 5_000;
/** Readers of a draining process reconnect spread over this time, milliseconds (streams that reach their lifetime are spread already). */
const drainSpreadMs = 5_000;
const lifeSpreadRetryMs = 2_000;
const drainDeadlineMs = 2_000;
/** The reader of a replaced stream reconnects after this time, milliseconds: surplus tabs take turns slowly. */
const replacedRetryMs = 30_000;
/** An older encoding is replaced, because its `now` would make a late reader's timer wrong. */
const encodingLifeMs = 250;
/** One timer for all streams. */
const tickMs = 1_000;
/** Each tick sends the heartbeats of one part of the streams: all at once would block everything else. */
const parts = heartbeatMs / tickMs;

const opening = frameOf(encodeComment('open'));
const heartbeat = frameOf(encodeComment('still here'));
const nothing = (): void => {};

/** What a stream needs from the set it belongs to. One object for all of them. */
interface Streams {
  readonly now: () => number;
  readonly frameOfCall: (call: StoredCall) => Frame;
  readonly leave: (stream: Stream) => void;
  readonly failed: (stream: Stream, error: unknown) => void;
  /** True while a report on a call that has ended may still arrive. */
  readonly isPending: (call: StoredCall) => boolean;
  /** Streams that are ending or whose reader is behind. */
  readonly waiting: Set<Stream>;
}

/** One stream. A class with plain fields, because there may be ten thousand of them. */
class Stream implements Subscriber, SinkOwner {
  seq: number;
  readonly callId: string;
  readonly address: string;
  readonly endsAt: number;
  readonly part: number;
  readonly #streams: Streams;
  #sink: Sink | undefined;
  /** The newest state for a reader that is behind; it supersedes older ones. */
  #pending: StoredCall | undefined;
  #waitingSince = 0;
  #isBehind = false;
  /** Nothing follows what is pending. */
  #isComplete = false;
  /** A call that has ended, while its report is awaited. */
  #awaiting: StoredCall | undefined;
  /** The call while it waits in the queue: its place changes without a change of the call. */
  queued: StoredCall | undefined;
  #state: 'open' | 'ending' | 'closed' = 'open';

  constructor(streams: Streams, callId: string, address: string, seq: number, endsAt: number, part: number) {
    this.#streams = streams;
    this.callId = callId;
    this.address = address;
    this.seq = seq;
    this.endsAt = endsAt;
    this.part = part;
  }

  start(sink: Sink): void {
    this.#sink = sink;
    // The first byte is sent immediately, so that a reader can tell that nothing on the way buffers the stream.
    this.#write(opening);
  }

  offer(call: StoredCall): void {
    if (this.#state !== 'open') return;
    this.queued = call.isQueued ? call : undefined;
    if (this.#isBehind) {
      this.#pending = call;
      return;
    }
    this.#write(this.#streams.frameOfCall(call));
    if (isTerminal(call.status)) this.end(call);
  }

  /** Ends after what was sent, or once no report on the call is awaited; a reader that does not receive even that is dropped. */
  end(call?: StoredCall): void {
    if (this.#state !== 'open') return;
    if (call !== undefined && this.#streams.isPending(call)) {
      this.#awaiting = call;
      return;
    }
    this.#isComplete = true;
    if (this.#pending === undefined) this.#finish();
  }

  fail(error: unknown): void {
    if (this.#state === 'open') this.#streams.failed(this, error);
  }

  /** Asks the reader to reconnect after a while. */
  goodbye(retryMs: number): void {
    if (this.#state !== 'open') return;
    this.#write(frameOf(encodeEvent({ event: 'goodbye', data: { retryMs }, retryMs })));
    this.#finish();
  }

  beat(): void {
    if (this.#awaiting !== undefined) this.end(this.#awaiting);
    if (this.#state === 'open' && !this.#isBehind) this.#write(heartbeat);
  }

  /** Drops a reader that neither catches up nor disconnects. */
  dropIfStuck(now: number): void {
    if (Math.abs(now - this.#waitingSince) >= stuckMs) this.destroy();
  }

  destroy(): void {
    this.#sink?.destroy();
  }

  drained(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    // Once it is ending, only the end of the connection matters.
    if (this.#state !== 'open') return;
    this.#streams.waiting.delete(this);
    const call = this.#pending;
    this.#pending = undefined;
    if (call !== undefined) this.offer(call);
    if (this.#isComplete) this.end();
  }

  closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#pending = undefined;
    this.#streams.leave(this);
  }

  #write(frame: Frame): void {
    if (this.#sink?.write(frame) === true || this.#isBehind) return;
    this.#isBehind = true;
    this.#wait();
  }

  #finish(): void {
    this.#state = 'ending';
    this.#pending = undefined;
    this.#wait();
    this.#sink?.end();
  }

  #wait(): void {
    this.#waitingSince = this.#streams.now();
    this.#streams.waiting.add(this);
  }
}

/** Creates the streams of one process. */
export const createCallStreams = (options: CallStreamsOptions): CallStreams => {
  const { store, clock, random, caps = {}, view, onFault } = options;
  const counter = createStreamCounter({ ...defaultStreamCaps, ...caps });
  const open = new Set<Stream>();
  const beats = Array.from({ length: parts }, () => new Set<Stream>());
  const frames = new WeakMap<StoredCall, { readonly frame: Frame; readonly at: number }>();
  /** Streams that hold a slot; a replaced one releases it before it is closed. */
  const placed = new Set<Stream>();
  let part = 0;
  let isTicking = false;
  let isDraining = false;
  let onEmpty = nothing;

  const release = (stream: Stream): void => {
    if (placed.delete(stream)) counter.release(stream.callId, stream.address);
  };

  const streams: Streams = {
    now: () => clock.now(),
    waiting: new Set(),
    /** Once per change of a call, however many follow it: the store gives them all the same object. */
    frameOfCall(call) {
      const known = frames.get(call);
      const at = clock.now();
      if (known !== undefined && Math.abs(at - known.at) <= encodingLifeMs) return known.frame;
      const snapshot = snapshotOf(call, at, view);
      const frame = frameOf(encodeEvent({ event: 'snapshot', id: snapshot.seq, data: snapshot }));
      frames.set(call, { frame, at });
      return frame;
    },
    isPending: (call) => view?.outcomes?.isPending(call, clock.now()) === true,
    leave(stream) {
      store.unsubscribe(stream.callId, stream);
      open.delete(stream);
      beats[stream.part]?.delete(stream);
      streams.waiting.delete(stream);
      release(stream);
      if (open.size === 0) onEmpty();
    },
    failed(stream, error) {
      onFault?.(error);
      stream.goodbye(Math.round(random() * drainSpreadMs));
    },
  };

  /** Sends the heartbeats of one part of the streams, ends those that have reached their lifetime, and drops stuck readers. */
  const tick = (): void => {
    isTicking = open.size > 0;
    if (!isTicking) return;
    const now = clock.now();
    for (const stream of streams.waiting) stream.dropIfStuck(now);
    part = (part + 1) % parts;
    for (const stream of beats[part] ?? []) {
      if (stream.endsAt <= now) stream.goodbye(Math.round(random() * lifeSpreadRetryMs));
      else stream.beat();
    }
    clock.after(tickMs, tick);
  };

  /** A stream that asks for a reconnection at once: not a refusal, which a page would count as a failure. */
  const goodbye = (headers: Readonly<Record<string, string>>): Response => {
    const retryMs = Math.round(random() * drainSpreadMs);
    return new Response(encodeEvent({ event: 'goodbye', data: { retryMs }, retryMs }), { headers });
  };

  const oldestOf = (callId: string): Stream | undefined => {
    for (const stream of placed) if (stream.callId === callId) return stream;
    return undefined;
  };

  return {
    open: () => open.size,
    showAgain(callIds) {
      const wanted = new Set(callIds);
      // A new object, because encodings are kept by the call's identity.
      const copies = new Map<string, StoredCall>();
      for (const stream of open) {
        const { queued } = stream;
        if (queued === undefined || !wanted.has(queued.id)) continue;
        const copy = copies.get(queued.id) ?? { ...queued };
        copies.set(queued.id, copy);
        stream.offer(copy);
      }
    },
    follow: ({ call, address, lastEventId, outgoing, signal, head }) => {
      if (isDraining) return { kind: 'open', response: goodbye({ ...streamHeaders, ...head }) };
      const newest = seqOf(call);
      const seen = parseLastEventId(lastEventId) ?? 0;
      // An ID from the future is not ours: everything is sent again. So is a call that waits: its place has no ID of its own.
      const afterSeq = seen > newest || call.isQueued === true ? 0 : seen;
      if (isTerminal(call.status) && afterSeq === newest && !streams.isPending(call)) {
        return {
          kind: 'open',
          response: new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } }),
        };
      }
      const headers = { ...streamHeaders, ...head };
      // HEAD requests only the headers: a stream without a body would hold its slot for ten minutes.
      if (outgoing?.req.method === 'HEAD') return { kind: 'open', response: new Response(null, { headers }) };
      const replaced = counter.isCallFull(call.id) ? oldestOf(call.id) : undefined;
      if (!counter.take(call.id, address, replaced?.address))
        return { kind: 'refused', code: 'too-many-streams', retryAfterSeconds: 30 };
      if (replaced !== undefined) {
        release(replaced);
        replaced.goodbye(replacedRetryMs);
      }

      const endsAt = clock.now() + shortestLifeMs + random() * lifeSpreadMs;
      // Round-robin, so that many that arrived at once are spread over the whole interval.
      const stream = new Stream(streams, call.id, address, afterSeq, endsAt, (part + open.size) % parts);
      placed.add(stream);
      open.add(stream);
      beats[stream.part]?.add(stream);
      const { sink, response } = hasSocket(outgoing)
        ? openSocketSink(outgoing, headers, stream)
        : openWebSink(headers, stream, signal?.());
      stream.start(sink);
      if (!isTicking) {
        isTicking = true;
        clock.after(tickMs, tick);
      }
      store.subscribe(call.id, stream);
      return { kind: 'open', response };
    },
    drain: async () => {
      isDraining = true;
      if (open.size === 0) return;
      const emptied = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      for (const stream of open) stream.goodbye(Math.round(random() * drainSpreadMs));
      const late = new AbortController();
      const tooLate = new Promise<void>((resolve) => clock.after(drainDeadlineMs, resolve, late.signal));
      await Promise.race([emptied, tooLate]);
      late.abort();
      for (const stream of open) stream.destroy();
    },
  };
};
