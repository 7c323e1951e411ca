// Several instances on one database: each safeguard with the test that fails without it.

import { type Mutation, mutationsOf } from './mutation.js';

/** Safeguards against work that is done twice, and limits that are multiplied. */
export const instanceMutations: readonly Mutation[] = mutationsOf([
  [
    'A call is polled by one instance at a time, however long PolyAI takes to answer',
    'proxy/calls/status-poller.ts',
    '    await renewLeases();\n',
    '',
    'proxy/calls/status-poller.test.ts',
    'takes longer than a lease',
  ],
  [
    'Only the holder of a lease renews it',
    'proxy/store/sql/leases.ts',
    'AND lease IN (${placeholders(some.length)})',
    "AND coalesce(lease, '') || '-' NOT IN (${placeholders(some.length)})",
    'proxy/store/sqlite.test.ts',
  ],
  [
    'A status that another instance could read ends a series of unreadable ones',
    'proxy/calls/unreadable-calls.ts',
    'record(callId, failures, (known) => failures > known)',
    'record(callId, failures, (known) => failures > known || failures > 0)',
    'proxy/calls/unreadable-calls.test.ts',
  ],
  [
    'An old unreadable status is not counted with a new one',
    'proxy/calls/unreadable-calls.ts',
    'now - known.newest <= longestGapMs * Math.max(1, failures - known.failures)',
    'now >= known.newest',
    'proxy/calls/unreadable-calls.test.ts',
  ],
]);
