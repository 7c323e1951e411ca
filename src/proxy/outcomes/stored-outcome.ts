// What a page sees of a stored outcome. Its text is stored encrypted and opened only for somebody who has shown the call's capability,
// and for the operator.

import type { CallOutcome } from '../../contract.js';
import type { OutcomesShown } from '../calls/snapshot.js';
import type { Log } from '../core/log.js';
import type { Keyring } from '../secrets/keyring.js';
import type { StoredCall } from '../store/store.js';
import type { OutcomeReport } from './outcome-schema.js';

/** The texts of an outcome: everything but what is stored in clear. */
type OutcomeText = Pick<CallOutcome, 'agreed' | 'appointment' | 'links'>;

/** Encrypts the texts of a report. */
export function sealOutcome(keyring: Pick<Keyring, 'seal'>, { outcome }: OutcomeReport): string {
  const { agreed, appointment, links } = outcome;
  const text: OutcomeText = { agreed, ...(appointment && { appointment }), links };
  return keyring.seal(JSON.stringify(text));
}

/** The outcome of a call, decrypted; undefined if there is none. Throws when it cannot be decrypted. */
export function openOutcome(
  keyring: Pick<Keyring, 'open'>,
  { outcome }: Pick<StoredCall, 'outcome'>,
): CallOutcome | undefined {
  if (outcome === undefined) return undefined;
  const { answeredBy, disposition, sealedText, reportedAt } = outcome;
  const { agreed, appointment, links } = JSON.parse(keyring.open(sealedText)) as OutcomeText;
  return {
    answeredBy,
    disposition,
    agreed,
    ...(appointment && { appointment }),
    links,
    reportedAt: new Date(reportedAt).toISOString(),
  };
}

/** How long after the end of a call its page waits for the agent's report, milliseconds. PolyAI runs the agent's function right after the call. */
export const outcomeWaitMs = 120_000;

/** Creates what snapshots show. `linkHosts`: links to others, which were allowed earlier, are left out. */
export function createOutcomesShown(
  keyring: Pick<Keyring, 'open'>,
  linkHosts: readonly string[],
  log: Pick<Log, 'warn'>,
): OutcomesShown {
  return {
    read(call) {
      try {
        const outcome = openOutcome(keyring, call);
        if (outcome === undefined) return undefined;
        return { ...outcome, links: outcome.links.filter(({ url }) => linkHosts.includes(new URL(url).host)) };
      } catch {
        // A key that was retired: the call is shown without the report.
        log.warn('outcome-unreadable', { callId: call.id });
        return undefined;
      }
    },
    isPending(call, now) {
      if (call.status !== 'completed' || call.outcome !== undefined) return false;
      const endedMs = now - Date.parse(call.history.at(-1)?.at ?? '');
      return endedMs < outcomeWaitMs;
    },
  };
}
