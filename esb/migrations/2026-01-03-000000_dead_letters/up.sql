-- What the bus could not do anything with. An id is minted when the letter arrives here, so ids sort by arrival.
CREATE TABLE dead_letters (
    id              uuid PRIMARY KEY,
    -- What the ESB calls it, where it does; and a digest of all of it, which tells a redelivery.
    dead_id         text,
    digest          bytea NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replaying', 'replayed', 'discarded')),
    route           text,
    exchange        text NOT NULL,
    routing_key     text NOT NULL,
    queue           text,
    reason          text NOT NULL,
    detail          text NOT NULL,
    attempts        integer NOT NULL,
    first_at        timestamptz NOT NULL,
    last_at         timestamptz NOT NULL,
    -- Where a replay goes.
    target_exchange text NOT NULL,
    target_key      text NOT NULL,
    -- Properties and headers as an AMQP content header frame; the body as it came, or as it was mended.
    properties      bytea NOT NULL,
    body            bytea NOT NULL,
    size            bigint GENERATED ALWAYS AS (octet_length(body)) STORED,
    -- In lower case, for the search.
    search          text NOT NULL,
    -- The letter that this one is a replay of, and which replay.
    replay_of       uuid,
    replay_id       uuid,
    -- The replay that is under way or done: its id, its actor, its job, and until when another leaves it alone.
    replayed_as     uuid,
    replay_actor    text,
    replay_job      uuid,
    replay_until    timestamptz,
    version         bigint NOT NULL DEFAULT 1,
    arrived_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    settled_at      timestamptz
);

CREATE UNIQUE INDEX dead_letters_dead_id ON dead_letters (dead_id) WHERE dead_id IS NOT NULL;
CREATE INDEX dead_letters_digest ON dead_letters USING hash (digest);
CREATE INDEX dead_letters_state ON dead_letters (state, id);
CREATE INDEX dead_letters_route ON dead_letters (route, id);
CREATE INDEX dead_letters_reason ON dead_letters (reason, id);
CREATE INDEX dead_letters_last_at ON dead_letters (last_at);
CREATE INDEX dead_letters_replay_id ON dead_letters (replay_id) WHERE replay_id IS NOT NULL;
CREATE INDEX dead_letters_replayed_as ON dead_letters (replayed_as) WHERE replayed_as IS NOT NULL;
CREATE INDEX dead_letters_replaying ON dead_letters (replay_until) WHERE state = 'replaying';
CREATE INDEX dead_letters_settled ON dead_letters (settled_at) WHERE settled_at IS NOT NULL;

-- Where the extension may not be had, the search still answers, only slower.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX dead_letters_search ON dead_letters USING gin (search gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'no pg_trgm, so dead letters are searched without an index: %', SQLERRM;
END
$$;

-- Who did what.
CREATE TABLE dead_letter_actions (
    id          uuid PRIMARY KEY,
    dead_letter uuid,
    job         uuid,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    action      text NOT NULL,
    detail      text,
    old_body    bytea
);

CREATE INDEX dead_letter_actions_letter ON dead_letter_actions (dead_letter, id) WHERE dead_letter IS NOT NULL;
CREATE INDEX dead_letter_actions_job ON dead_letter_actions (job, id) WHERE job IS NOT NULL;

-- Replays of many.
CREATE TABLE replay_jobs (
    id              uuid PRIMARY KEY,
    state           text NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'done', 'failed')),
    actor           text NOT NULL,
    selection       json NOT NULL,
    per_second      integer,
    batches         bigint[] NOT NULL,
    stop_on_failure boolean NOT NULL,
    total           bigint NOT NULL,
    -- How far it has come, in items.
    place           bigint NOT NULL DEFAULT 0,
    replayed        bigint NOT NULL DEFAULT 0,
    failed          bigint NOT NULL DEFAULT 0,
    skipped         bigint NOT NULL DEFAULT 0,
    detail          text,
    owner           uuid,
    lease_until     timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX replay_jobs_running ON replay_jobs (id) WHERE state = 'running';

CREATE TABLE replay_items (
    job         uuid NOT NULL,
    ordinal     bigint NOT NULL,
    dead_letter uuid NOT NULL,
    PRIMARY KEY (job, ordinal)
);
