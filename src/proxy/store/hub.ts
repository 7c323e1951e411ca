// Followers of calls in this process. Knows nothing about where calls are stored: any store can use it.

import { isTerminal } from '../../contract.js';
import { seqOf } from './sequence.js';
import type { StoredCall, Subscriber } from './store.js';

/** Followers of calls in one process. */
export interface Hub {
  /** Pushes to one follower: the call as `read` returns it, if newer than the follower's `seq`, then every change. `read` is called at most once, after subscribing. */
  subscribe(callId: string, subscriber: Subscriber, read: () => Promise<StoredCall | undefined>): void;
  /** Removes a subscriber. Idempotent. */
  unsubscribe(callId: string, subscriber: Subscriber): void;
  /** Sends the followers of a call its new state; all of them get this same object. */
  publish(call: StoredCall): void;
  /** Ends the followers of a call that is no longer stored. */
  forget(callId: string): void;
  /** Ids of the calls being followed. */
  followed(): IterableIterator<string>;
  /** True when the call has followers. */
  has(callId: string): boolean;
  /** Ends every follower. */
  close(): void;
}

/** Creates a hub. `onFirst` runs when the first follower arrives, `onLast` when the last one leaves. */
export function createHub(onFirst: () => void, onLast: () => void): Hub {
  const topics = new Map<string, Topic>();

  const join = (callId: string, follower: Subscriber): Topic => {
    if (topics.size === 0) onFirst();
    let topic = topics.get(callId);
    if (topic === undefined) topics.set(callId, (topic = { followers: new Set(), latest: undefined }));
    topic.followers.add(follower);
    return topic;
  };
  const leave = (callId: string, follower: Subscriber): void => {
    const topic = topics.get(callId);
    if (topic === undefined || !topic.followers.delete(follower) || topic.followers.size > 0) return;
    topics.delete(callId);
    if (topics.size === 0) onLast();
  };
  const endAll = (topic: Topic): void => {
    for (const follower of topic.followers) follower.end();
  };

  return {
    subscribe: (callId, subscriber, read) => {
      const topic = join(callId, subscriber);
      const isThere = (): boolean => topic.followers.has(subscriber);
      if (topic.latest !== undefined) return offer(subscriber, topic.latest);
      // Subscribe first, read second: a change in between arrives twice and is dropped by its seq, never missed.
      read().then(
        (call) => {
          if (!isThere()) return;
          if (call === undefined) subscriber.end();
          else offer(subscriber, shared(topic, call));
        },
        (error: unknown) => {
          if (isThere()) subscriber.fail(error);
        },
      );
    },
    unsubscribe: leave,
    publish: (call) => {
      const topic = topics.get(call.id);
      if (topic === undefined) return;
      const known = shared(topic, call);
      for (const follower of topic.followers) offer(follower, known);
    },
    forget: (callId) => {
      const topic = topics.get(callId);
      if (topic !== undefined) endAll(topic);
    },
    followed: () => topics.keys(),
    has: (callId) => topics.has(callId),
    close: () => {
      for (const topic of topics.values()) endAll(topic);
    },
  };
}

interface Topic {
  readonly followers: Set<Subscriber>;
  latest: StoredCall | undefined;
}

// One object per change of a call, however many follow: streams cache its encoding by identity.
function shared(topic: Topic, call: StoredCall): StoredCall {
  if (topic.latest === undefined || seqOf(topic.latest) < seqOf(call)) topic.latest = call;
  return topic.latest;
}

/** Offers only what is newer than what the reader has. After a terminal status the reader decides whether it waits for more. */
function offer(subscriber: Subscriber, call: StoredCall): void {
  if (seqOf(call) > subscriber.seq) {
    subscriber.seq = seqOf(call);
    subscriber.offer(call);
  }
  if (isTerminal(call.status)) subscriber.end(call);
}
