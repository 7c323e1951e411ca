// Whether this machine's clock is right, and how old its time-zone data is: calling hours depend on both.

import type { ProxyConfig } from '../../config/config.js';
import { zoneDataReport } from '../../hours/zone-corrections.js';
import { bad, fine, type Finding, risky } from './finding.js';

/** HTTP dates have whole seconds, and the request takes time. */
const tolerableMs = 5_000;
/** Signed webhooks are refused beyond 5 minutes; long before, a call can be too early or too late. */
const harmfulMs = 60_000;

/** Compares with the `Date` of PolyAI's server, without the credential. */
export async function checkClock(
  { credential }: Pick<ProxyConfig, 'credential'>,
  send: typeof fetch,
  now: () => number = Date.now,
): Promise<readonly Finding[]> {
  if (credential === undefined) return [];
  const before = now();
  let there: number;
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await send(credential.baseUrl, { method: 'HEAD', redirect: 'manual', signal });
    there = Date.parse(response.headers.get('date') ?? '');
  } catch {
    there = Number.NaN;
  }
  if (Number.isNaN(there))
    return [risky('clock', 'it could not be compared with another clock', 'Make sure that NTP is running.')];
  const here = (before + now()) / 2;
  const off = Math.abs(here - there);
  const found = `${String(Math.round(off / 1_000))} s from PolyAI’s`;
  if (off > harmfulMs)
    return [
      bad('clock', found, 'Set the clock and keep it synchronized with NTP: calling hours and limits depend on it.'),
    ];
  return off > tolerableMs
    ? [risky('clock', found, 'Keep the clock synchronized with NTP.')]
    : [fine('clock', 'agrees with PolyAI’s')];
}

/** The age of the time-zone data of this Node. */
export function checkTimeZones(release: string | undefined = process.versions['tz']): readonly Finding[] {
  const { correctedUpTo, isOlder, release: known } = zoneDataReport(release);
  if (!isOlder) return [fine('time zones', `data of ${known}`)];
  const found = `data of ${known}, older than the corrections up to ${correctedUpTo}`;
  return [risky('time zones', found, 'Update Node.js: of later changes, only the known ones are applied.')];
}
