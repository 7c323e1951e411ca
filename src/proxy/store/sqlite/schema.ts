// The tables of the embedded database and the migrations of older files. A migration that has shipped is never edited.

/** Marks a file as ours (`PRAGMA application_id`), so that another program's database is never written to: "PoCb". */
export const applicationId = 0x506f4362;

/** Every migration in order; `PRAGMA user_version` counts those applied. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta (name, value) VALUES ('changes', 0), ('forgotten', 0);

  CREATE TABLE ping (id INTEGER PRIMARY KEY, padding TEXT NOT NULL) STRICT;
  INSERT INTO ping (id, padding) VALUES (1, '');

  CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    stage TEXT NOT NULL CHECK (stage IN ('scheduled', 'dispatching', 'accepted', 'ended')),
    status TEXT NOT NULL,
    seq INTEGER NOT NULL,
    history TEXT NOT NULL,
    origin TEXT NOT NULL,
    number_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    upstream_id TEXT,
    accepted_at INTEGER,
    slot TEXT,
    ended_because TEXT,
    ended_at INTEGER,
    rest_until INTEGER,
    ready_at INTEGER,
    lease TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    sealed TEXT,
    spent TEXT,
    changed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX calls_by_ready ON calls (ready_at) WHERE ready_at IS NOT NULL;
  CREATE INDEX calls_by_change ON calls (changed);
  CREATE INDEX calls_by_number ON calls (number_key);

  CREATE TABLE idempotency (
    key_hash TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    call_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    http_status INTEGER,
    body TEXT,
    retry_after_seconds INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_by_call ON idempotency (call_id);

  CREATE TABLE allowances (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    window_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key, window_ms)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE holds (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    call_id TEXT NOT NULL,
    PRIMARY KEY (scope, key, call_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX holds_by_call ON holds (call_id);

  CREATE TABLE rests (number_key TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE suppressions (
    number_key TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    source TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE challenges (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE webhooks (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE consents (
    call_id TEXT PRIMARY KEY,
    number_key TEXT NOT NULL,
    at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX consents_by_number ON consents (number_key);
  `,
  // Established terms as names, and an index for everything that is searched for or deleted by age, so that nothing slows down as rows grow.
  `
  DROP INDEX holds_by_call;
  ALTER TABLE holds RENAME TO concurrency_slots;
  CREATE INDEX concurrency_slots_by_call ON concurrency_slots (call_id);
  ALTER TABLE rests RENAME TO cool_downs;
  CREATE INDEX cool_downs_by_end ON cool_downs (until);
  ALTER TABLE calls RENAME COLUMN rest_until TO cool_down_until;
  ALTER TABLE calls RENAME COLUMN spent TO consumed;
  UPDATE calls SET consumed = replace(consumed, '"kind":"mark"', '"kind":"hit"') WHERE consumed IS NOT NULL;
  UPDATE allowances SET state = replace(state, '"marks":', '"hits":');

  DROP INDEX calls_by_ready;
  CREATE INDEX calls_to_place ON calls (ready_at) WHERE stage IN ('scheduled', 'dispatching');
  CREATE INDEX calls_to_poll_unanswered ON calls (ready_at) WHERE stage = 'accepted' AND status <> 'in-progress';
  CREATE INDEX calls_to_poll_answered ON calls (ready_at) WHERE stage = 'accepted' AND status = 'in-progress';
  CREATE INDEX calls_active_by_number ON calls (number_key, stage) WHERE stage <> 'ended';
  CREATE INDEX calls_by_end ON calls (ended_at) WHERE stage = 'ended';

  CREATE INDEX idempotency_by_age ON idempotency (created_at);
  CREATE INDEX allowances_by_age ON allowances (touched_at);
  CREATE INDEX consents_by_age ON consents (at);
  CREATE INDEX challenges_by_expiry ON challenges (expires_at);
  CREATE INDEX webhooks_by_expiry ON webhooks (expires_at);
  CREATE INDEX suppressions_by_person ON suppressions (person);

  INSERT INTO meta (name, value) VALUES ('log_is_needed', 0);
  `,
  // What agents report about calls.
  `
  ALTER TABLE calls ADD COLUMN answered_by TEXT;
  ALTER TABLE calls ADD COLUMN disposition TEXT;
  ALTER TABLE calls ADD COLUMN outcome TEXT;
  ALTER TABLE calls ADD COLUMN outcome_at INTEGER;
  ALTER TABLE calls ADD COLUMN outcome_revision INTEGER;
  CREATE INDEX calls_by_upstream_id ON calls (upstream_id) WHERE upstream_id IS NOT NULL;
  `,
  // Where a call came from, if the operator keeps it: the campaign as text, and everything including click IDs encrypted.
  `
  ALTER TABLE calls ADD COLUMN source TEXT;
  ALTER TABLE calls ADD COLUMN medium TEXT;
  ALTER TABLE calls ADD COLUMN campaign TEXT;
  ALTER TABLE calls ADD COLUMN attribution TEXT;
  `,
  // What the owner's page groups calls by, and the order in which it reads them.
  `
  ALTER TABLE calls ADD COLUMN country TEXT;
  CREATE INDEX calls_by_creation ON calls (created_at, id);
  `,
  // Events for the operator's endpoints.
  `
  ALTER TABLE calls ADD COLUMN sealed_number TEXT;
  CREATE TABLE outbox (
    endpoint TEXT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    call_id TEXT,
    number_key TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    sealed_number TEXT,
    attempts INTEGER NOT NULL,
    due_at INTEGER,
    retry_until INTEGER NOT NULL,
    lease TEXT,
    last_error TEXT,
    dead_at INTEGER,
    PRIMARY KEY (endpoint, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX outbox_by_due ON outbox (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX outbox_by_death ON outbox (dead_at) WHERE dead_at IS NOT NULL;
  CREATE INDEX outbox_by_number ON outbox (number_key) WHERE number_key IS NOT NULL;
  `,
  // An opt-out that nobody has confirmed ends.
  `
  ALTER TABLE suppressions ADD COLUMN until INTEGER;
  CREATE INDEX suppressions_by_end ON suppressions (until) WHERE until IS NOT NULL;
  `,
  // The second attempt after a missed call.
  `
  ALTER TABLE calls ADD COLUMN redial TEXT;
  `,
  // The queue: its order, for calls that wait in it.
  `
  ALTER TABLE calls ADD COLUMN queued INTEGER;
  CREATE UNIQUE INDEX calls_queued ON calls (queued) WHERE queued IS NOT NULL;
  `,
  // Calls whose number is kept for the agent's report.
  `
  CREATE INDEX calls_awaiting_report ON calls (ready_at) WHERE stage = 'ended' AND sealed IS NOT NULL;
  `,
];
