// The order of a call's states, by which followers tell a newer one from one they have.

import { isTerminal } from '../../contract.js';
import type { StoredCall } from './store.js';

/**
 * Sequence number of a call's state: its journal's length, plus the reports on it once it has ended. Reports during the call do not
 * count, because the journal's own numbers must stay gapless for the page.
 */
export const seqOf = ({ history, status, outcome }: StoredCall): number =>
  history.length + (isTerminal(status) ? (outcome?.revision ?? 0) : 0);
