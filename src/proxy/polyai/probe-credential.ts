// Whether PolyAI accepts the credential, determined by one status request for a call that cannot exist: it costs nothing and rings
// no phone. Used at startup and to detect that a rejected credential works again.

import type { PolyAi } from './polyai.js';

/** `unclear`: PolyAI could not be reached, or something between it and us answered. */
export type CredentialVerdict = 'works' | 'refused' | 'unclear';

/** A well-formed id that PolyAI never gives out. */
export const impossibleId: string = 'OUT-00000000-0000-0000-0000-000000000000';

/** Sends one request. Never rejects; takes as long as one status request may (10 s). */
export async function probeCredential(polyai: Pick<PolyAi, 'status'>): Promise<CredentialVerdict> {
  const outcome = await polyai.status(impossibleId);
  switch (outcome.kind) {
    case 'missing':
    case 'seen':
      return 'works';
    case 'denied':
      return 'refused';
    case 'failed':
      return 'unclear';
  }
}
