// Whether the front passes a stream on as it arrives. A page's own stream is opened through the public URL, for a call that has not ended, and
// must bring an event or a heartbeat while it is open. No call is placed for this, and no route exists for it.

import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openStatuses, routes } from '../../../contract.js';
import type { ProxyConfig } from '../../config/config.js';
import { systemClock } from '../../core/clock.js';
import { openKeyring } from '../../open-proxy.js';
import { openArchive } from '../../store/open-store.js';
import { bad, fine, type Finding, risky } from './finding.js';

/** A call that has not ended, and its capability. */
export interface OpenCall {
  readonly id: string;
  readonly token: string;
}

/** How long an event may take, milliseconds: longer than the 15 seconds between two heartbeats. */
const patienceMs = 20_000;
/** What arrives this soon after the head of the response may have been sent along with it, whatever the front does later. */
const together = 1_000;

/** Opens a call's stream at `base`, and waits for something that was sent later than its first event. */
export async function checkStreaming(
  base: string,
  call: OpenCall | undefined,
  send: typeof fetch,
  sleep: (ms: number) => Promise<unknown> = (ms) => setTimeout(ms, undefined, { ref: false }),
): Promise<Finding> {
  if (call === undefined)
    return risky(
      'streaming',
      'not checked: it takes a call that has not ended',
      'Request a call to your own phone, and run doctor again while it rings; or wait for a scheduled callback.',
    );
  const held = bad(
    'streaming',
    `nothing arrived through ${base} for ${String(patienceMs / 1000)} seconds`,
    'The front buffers text/event-stream. Turn that off for it (docs/behind-a-proxy.md): pages show progress late.',
  );
  const stop = new AbortController();
  const late = async (ms: number): Promise<undefined> => void (await sleep(ms));
  try {
    const sent = send(`${base}${routes.calls}`, {
      headers: { Accept: 'text/event-stream', Authorization: `Bearer ${call.id}.${call.token}` },
      redirect: 'manual',
      signal: stop.signal,
    });
    // Some fronts hold back the head of the response as well.
    const response = await Promise.race([sent, late(patienceMs)]);
    sent.catch(() => undefined);
    if (response === undefined) return held;
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !type.startsWith('text/event-stream') || response.body === null)
      return bad(
        'streaming',
        `the stream at ${base} answers ${String(response.status)} ${type}`.trim(),
        'Configure the front to pass Accept and Authorization to the proxy. If another database is behind this URL, run doctor there.',
      );
    const outcome = await followPieces(response.body.getReader(), late);
    if (outcome === 'held') return held;
    if (outcome === 'ended')
      return risky('streaming', 'not checked: the call ended meanwhile', 'Run doctor again while a call rings.');
    const encoding = response.headers.get('content-encoding');
    return encoding === null
      ? fine('streaming', 'events arrive as they are sent')
      : risky(
          'streaming',
          `the front compresses streams (${encoding})`,
          'Leave text/event-stream uncompressed: a compressor may hold back events.',
        );
  } finally {
    stop.abort();
  }
}

/** Reads past what was sent with the head, then waits for one more piece of a stream that stays open. */
async function followPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  late: (ms: number) => Promise<undefined>,
): Promise<'arrived' | 'held' | 'ended'> {
  const read = (): Promise<'piece' | 'ended'> =>
    reader.read().then(
      ({ done }) => (done ? 'ended' : 'piece'),
      () => 'ended',
    );
  let next = read();
  if ((await Promise.race([next, late(patienceMs)])) === undefined) return 'held';
  for (const wait = late(together); ; next = read()) {
    const piece = await Promise.race([next, wait]);
    if (piece === 'ended') return 'ended';
    if (piece === undefined) break;
  }
  const later = await Promise.race([next, late(patienceMs)]);
  if (later !== 'piece') return later === 'ended' ? 'ended' : 'held';
  // A front that buffers delivers everything at the end.
  return (await Promise.race([read(), late(together)])) === 'ended' ? 'ended' : 'arrived';
}

/** The call that changed last and has not ended. */
export async function findOpenCall(config: Pick<ProxyConfig, 'database' | 'keys'>): Promise<OpenCall | undefined> {
  const { database } = config;
  if (database.kind === 'file' && !existsSync(database.path)) return undefined;
  const { archive, close } = await openArchive(database, systemClock);
  try {
    const [latest] = await archive.latest({ statuses: openStatuses }, 1);
    return latest && { id: latest.call.id, token: openKeyring(config).token(latest.call.id) };
  } finally {
    await close();
  }
}
