// The tables on PostgreSQL: those of the SQLite file, with what PostgreSQL does itself (counting changes, telling other processes).
// A migration that has shipped is never edited.

/** The schema that holds every table, so that a shared database stays tidy. */
export const schemaName = 'polyai_callback';

/** The channel on which the id of every changed or deleted call is sent. */
export const changesChannel = 'polyai_callback_calls';

/** The channel on which processes tell each other what is not stored; `announcements.ts` sends on it. */
export const announcementsChannel = 'polyai_callback_news';

/** Every migration in order; the row `schema` of `meta` counts those applied. Text is compared byte by byte, as in SQLite. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
  INSERT INTO meta (name, value) VALUES ('forgotten', 0), ('schema', 0);

  CREATE TABLE ping (id INTEGER PRIMARY KEY, padding TEXT NOT NULL);
  INSERT INTO ping (id, padding) VALUES (1, '');

  CREATE SEQUENCE changes;
  CREATE TABLE calls (
    id TEXT COLLATE "C" PRIMARY KEY,
    stage TEXT NOT NULL CHECK (stage IN ('scheduled', 'dispatching', 'accepted', 'ended')),
    status TEXT NOT NULL,
    seq INTEGER NOT NULL,
    history TEXT NOT NULL,
    origin TEXT NOT NULL,
    number_key TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    upstream_id TEXT,
    accepted_at BIGINT,
    slot TEXT,
    ended_because TEXT,
    ended_at BIGINT,
    cool_down_until BIGINT,
    ready_at BIGINT,
    lease TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    sealed TEXT,
    consumed TEXT,
    changed BIGINT NOT NULL,
    answered_by TEXT,
    disposition TEXT,
    outcome TEXT,
    outcome_at BIGINT,
    outcome_revision INTEGER,
    source TEXT,
    medium TEXT,
    campaign TEXT,
    attribution TEXT,
    country TEXT,
    sealed_number TEXT,
    redial TEXT
  ) WITH (fillfactor = 80);
  CREATE INDEX calls_to_place ON calls (ready_at) WHERE stage IN ('scheduled', 'dispatching');
  CREATE INDEX calls_to_poll_unanswered ON calls (ready_at) WHERE stage = 'accepted' AND status <> 'in-progress';
  CREATE INDEX calls_to_poll_answered ON calls (ready_at) WHERE stage = 'accepted' AND status = 'in-progress';
  CREATE INDEX calls_active_by_number ON calls (number_key, stage) WHERE stage <> 'ended';
  CREATE INDEX calls_by_end ON calls (ended_at) WHERE stage = 'ended';
  CREATE INDEX calls_by_change ON calls (changed);
  CREATE INDEX calls_by_number ON calls (number_key);
  CREATE INDEX calls_by_creation ON calls (created_at, id);
  CREATE INDEX calls_by_upstream_id ON calls (upstream_id) WHERE upstream_id IS NOT NULL;

  CREATE TABLE idempotency (
    key_hash TEXT COLLATE "C" PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    call_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    http_status INTEGER,
    body TEXT,
    retry_after_seconds INTEGER
  );
  CREATE INDEX idempotency_by_call ON idempotency (call_id);
  CREATE INDEX idempotency_by_age ON idempotency (created_at);

  CREATE TABLE allowances (
    scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    window_ms BIGINT NOT NULL,
    state TEXT NOT NULL,
    touched_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key, window_ms)
  ) WITH (fillfactor = 80);
  CREATE INDEX allowances_by_age ON allowances (touched_at);

  CREATE TABLE concurrency_slots (
    scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    call_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, key, call_id)
  );
  CREATE INDEX concurrency_slots_by_call ON concurrency_slots (call_id);

  CREATE TABLE cool_downs (number_key TEXT COLLATE "C" PRIMARY KEY, until BIGINT NOT NULL);
  CREATE INDEX cool_downs_by_end ON cool_downs (until);

  CREATE TABLE suppressions (
    number_key TEXT COLLATE "C" PRIMARY KEY,
    person TEXT COLLATE "C" NOT NULL,
    source TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT
  );
  CREATE INDEX suppressions_by_end ON suppressions (until) WHERE until IS NOT NULL;
  CREATE INDEX suppressions_by_person ON suppressions (person);

  CREATE TABLE challenges (id TEXT COLLATE "C" PRIMARY KEY, expires_at BIGINT NOT NULL);
  CREATE INDEX challenges_by_expiry ON challenges (expires_at);
  CREATE TABLE webhooks (id TEXT COLLATE "C" PRIMARY KEY, expires_at BIGINT NOT NULL);
  CREATE INDEX webhooks_by_expiry ON webhooks (expires_at);

  CREATE TABLE consents (
    call_id TEXT COLLATE "C" PRIMARY KEY,
    number_key TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX consents_by_number ON consents (number_key);
  CREATE INDEX consents_by_age ON consents (at);

  CREATE TABLE outbox (
    endpoint TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    event TEXT NOT NULL,
    call_id TEXT COLLATE "C",
    number_key TEXT COLLATE "C",
    at BIGINT NOT NULL,
    data TEXT NOT NULL,
    sealed_number TEXT,
    attempts INTEGER NOT NULL,
    due_at BIGINT,
    retry_until BIGINT NOT NULL,
    lease TEXT,
    last_error TEXT,
    dead_at BIGINT,
    PRIMARY KEY (endpoint, id)
  );
  CREATE INDEX outbox_by_due ON outbox (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX outbox_by_death ON outbox (dead_at) WHERE dead_at IS NOT NULL;
  CREATE INDEX outbox_by_number ON outbox (number_key) WHERE number_key IS NOT NULL;

  CREATE TABLE row_keys (call_id TEXT COLLATE "C" PRIMARY KEY, key TEXT NOT NULL);

  CREATE FUNCTION number_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' OR NEW.seq <> OLD.seq OR NEW.outcome_revision IS DISTINCT FROM OLD.outcome_revision THEN
      NEW.changed := nextval('${schemaName}.changes');
      PERFORM pg_notify('${changesChannel}', NEW.id);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.sealed IS NOT NULL AND NEW.sealed IS NULL THEN
      DELETE FROM ${schemaName}.row_keys WHERE call_id = NEW.id;
      -- A second attempt takes over the sealed request, whose key has its id from the start.
      IF coalesce(NEW.redial::json ->> 'kind', '') <> 'created' THEN
        DELETE FROM ${schemaName}.row_keys WHERE call_id = OLD.redial::json ->> 'callId';
      END IF;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER calls_change BEFORE INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION number_change();

  CREATE FUNCTION tell_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('${changesChannel}', OLD.id);
    DELETE FROM ${schemaName}.row_keys WHERE call_id = OLD.id
      OR (OLD.sealed IS NOT NULL AND call_id = OLD.redial::json ->> 'callId');
    RETURN NULL;
  END $$;
  CREATE TRIGGER calls_deletion AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION tell_deletion();
  `,
  // The queue: its order, for calls that wait in it.
  `
  ALTER TABLE calls ADD COLUMN queued BIGINT;
  CREATE UNIQUE INDEX calls_queued ON calls (queued) WHERE queued IS NOT NULL;
  `,
  // Calls whose number is kept for the agent's report.
  `
  CREATE INDEX calls_awaiting_report ON calls (ready_at) WHERE stage = 'ended' AND sealed IS NOT NULL;
  `,
];

/** The schema that this release writes. */
export const schemaVersion: number = migrations.length;
