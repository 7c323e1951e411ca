// Whether the credential looks like one, and whether PolyAI accepts it.

import type { ProxyConfig } from '../../config/config.js';
import { settingsToCheck } from '../../config/credential.js';
import { systemClock } from '../../core/clock.js';
import { secretOf } from '../../polyai/api-access.js';
import { openPolyAi } from '../../polyai/open-polyai.js';
import { impossibleId } from '../../polyai/probe-credential.js';
import { bad, fine, type Finding, risky } from './finding.js';

const placeholder =
  /^(?:change[_-]?me|your[_-].*|example.*|placeholder.*|secret.*|test.*|todo.*|<.*>|\$\{.*\}|(.)\1+)$/i;

/** The shape alone: what was pasted may be a placeholder, or more than the secret. */
export function checkCredential({ credential }: ProxyConfig): readonly Finding[] {
  if (credential === undefined) return [];
  const secret = secretOf(credential);
  const fix = `Copy it again from PolyAI (${settingsToCheck[credential.api]}).`;
  if (placeholder.test(secret)) return [bad('credential', 'it looks like a placeholder', fix)];
  if (/^(?:bearer|basic|token|x-[\w-]+:)/i.test(secret))
    return [bad('credential', 'it begins like an HTTP header', 'Set the value alone, without the name of the header.')];
  return [fine('credential', `${String(secret.length)} characters (not shown)`)];
}

const fixes: Readonly<Record<string, string>> = {
  'name-not-found': 'The host name does not resolve: check POLYAI_REGION or POLYAI_BASE_URL, and DNS on this machine.',
  refused: 'Nothing listens there: check POLYAI_BASE_URL, and that a firewall lets this machine out.',
  'connect-timed-out': 'No connection: let this machine reach PolyAI on port 443.',
  'tls-failed': 'The certificate was not accepted: is there a proxy that inspects TLS, or is the clock wrong?',
  unreachable: 'No route: check the network of this machine.',
};

/** One status request for a call that cannot exist. */
export async function checkReachability({ credential }: ProxyConfig): Promise<readonly Finding[]> {
  if (credential === undefined) return [];
  const polyai = await openPolyAi(credential, { clock: systemClock, random: Math.random });
  const host = new URL(credential.baseUrl).host;
  try {
    const outcome = await polyai.status(impossibleId);
    switch (outcome.kind) {
      case 'missing':
      case 'seen':
        return [fine('PolyAI', `${host} answers and accepts the credential`)];
      case 'denied':
        return [
          bad('PolyAI', `${host} refuses the credential`, `Check ${settingsToCheck[credential.api]} and the region.`),
        ];
      case 'failed': {
        const fix = fixes[outcome.reason];
        if (fix !== undefined) return [bad('PolyAI', `${host} cannot be reached (${outcome.reason})`, fix)];
        const advice =
          'It may be temporary. If it stays, something between this machine and PolyAI answers instead of it.';
        return [risky('PolyAI', `${host} did not answer as documented (${outcome.reason})`, advice)];
      }
    }
  } finally {
    await polyai.close();
  }
}
