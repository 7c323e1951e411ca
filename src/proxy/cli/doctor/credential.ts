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

/** Only the form: the pasted value may be a placeholder, or contain more than the secret. */
export function checkCredential({ credential }: ProxyConfig): readonly Finding[] {
  if (credential === undefined) return [];
  const secret = secretOf(credential);
  const fix = `Copy it from PolyAI again (${settingsToCheck[credential.api]}).`;
  if (placeholder.test(secret)) return [bad('credential', 'it looks like a placeholder', fix)];
  if (/^(?:bearer|basic|token|x-[\w-]+:)/i.test(secret))
    return [bad('credential', 'it begins like an HTTP header', 'Set only the value, without the name of the header.')];
  return [fine('credential', `${String(secret.length)} characters (not shown)`)];
}

const fixes: Readonly<Record<string, string>> = {
  'name-not-found': 'The host name does not resolve: check POLYAI_REGION or POLYAI_BASE_URL, and DNS on this machine.',
  refused: 'Nothing is listening there: check POLYAI_BASE_URL, and that no firewall blocks outgoing connections.',
  'connect-timed-out': 'The connection timed out: allow this machine to reach PolyAI on port 443.',
  'tls-failed': 'The certificate was rejected: does a proxy inspect TLS, or is the clock wrong?',
  unreachable: 'There is no route: check the network of this machine.',
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
        return [fine('PolyAI', `${host} responds and accepts the credential`)];
      case 'denied':
        return [
          bad('PolyAI', `${host} refuses the credential`, `Check ${settingsToCheck[credential.api]} and the region.`),
        ];
      case 'failed': {
        const fix = fixes[outcome.reason];
        if (fix !== undefined) return [bad('PolyAI', `${host} cannot be reached (${outcome.reason})`, fix)];
        const advice =
          'This may be temporary. If it persists, something between this machine and PolyAI is answering instead.';
        return [risky('PolyAI', `${host} did not respond as documented (${outcome.reason})`, advice)];
      }
    }
  } finally {
    await polyai.close();
  }
}
