// Whether a connection is a session of its own. Behind a pooler in transaction mode (PgBouncer, RDS Proxy, "pooled" addresses of providers) it is
// not: LISTEN succeeds and nothing ever arrives, and settings of one connection turn up in another.

import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { StoreOpenError } from '../store-open-error.js';

/** How to connect, and how long a notification may take. */
export interface SessionCheck {
  /** A new connection, not yet connected. */
  readonly connect: () => Client;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** Sends a notification from one connection to another. Throws {@link StoreOpenError} `STORE_POOLED` if it does not arrive. */
export async function requireSession({ connect, timeoutMs }: SessionCheck): Promise<void> {
  const [listener, sender] = [connect(), connect()];
  // Without listeners, losing a connection would end the process.
  for (const client of [listener, sender]) client.on('error', () => {});
  const channel = `polyai_callback_${randomBytes(8).toString('hex')}`;
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.all([listener.connect(), sender.connect()]);
    const arrived = new Promise<boolean>((resolve) => {
      listener.on('notification', (message) => resolve(message.channel === channel));
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    await listener.query(`LISTEN ${channel}`);
    await sender.query(`NOTIFY ${channel}`);
    if (!(await arrived)) throw pooled();
  } finally {
    clearTimeout(timer);
    await Promise.all([listener.end().catch(() => {}), sender.end().catch(() => {})]);
  }
}

const pooled = (): StoreOpenError =>
  new StoreOpenError(
    'STORE_POOLED',
    'PostgreSQL is behind a connection pooler in transaction mode: LISTEN does not receive what NOTIFY sends, so pages would not be told what other instances see. Connect directly, or to a pooler in session mode',
  );
