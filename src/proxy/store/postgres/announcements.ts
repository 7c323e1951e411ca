// What the processes that share a database tell each other without storing it. A message arrives within milliseconds, or, while a
// connection is lost, not at all: nobody may depend on it.

import type { Announcements } from '../announcements.js';
import type { Connections } from './connection.js';
import { announcementsChannel } from './schema.js';

/** The messages of this process, and those of the others. */
export interface OwnAnnouncements extends Announcements {
  /** What arrived on the channel, this process's own messages included. */
  receive(payload: string): void;
}

/** Creates them. `onFault`: a message could not be sent. */
export function createAnnouncements(
  { pool }: Pick<Connections, 'pool'>,
  random: (size: number) => Uint8Array,
  onFault: (error: unknown) => void,
): OwnAnnouncements {
  const sender = Buffer.from(random(9)).toString('base64url');
  const listeners: ((message: string) => void)[] = [];
  return {
    announce: (message) => {
      pool.query('SELECT pg_notify($1, $2)', [announcementsChannel, `${sender} ${message}`]).catch(onFault);
    },
    onAnnouncement: (listener) => void listeners.push(listener),
    receive: (payload) => {
      const end = payload.indexOf(' ');
      if (payload.slice(0, end) === sender) return;
      for (const listener of listeners) listener(payload.slice(end + 1));
    },
  };
}
