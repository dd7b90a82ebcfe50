-- Sagas. A row is written twice or thrice in its life, so pages keep some room, and documents stay in the row.
-- `json`, not `jsonb`: what a caller was answered is answered again byte for byte, and nothing here is searched inside.
CREATE TABLE sagas (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    subject         uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('running', 'completed', 'compensating', 'compensated', 'stuck')),
    step            text NOT NULL,
    attempts        integer NOT NULL,
    input           json NOT NULL,
    journal         json NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    deadline_at     timestamptz NOT NULL,
    last_error      text,
    outcome         json,
    owner           uuid,
    lease_until     timestamptz,
    caller          text NOT NULL,
    idempotency_key text,
    request_digest  bytea NOT NULL,
    context         text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
) WITH (fillfactor = 70, toast_tuple_target = 8160);

CREATE UNIQUE INDEX sagas_subject ON sagas (subject);
-- The same request twice, on whichever instance, is one saga.
CREATE UNIQUE INDEX sagas_request ON sagas (caller, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- What the workers look for.
CREATE INDEX sagas_due ON sagas (next_attempt_at) WHERE state IN ('running', 'compensating');
-- What an operator looks for; completed ones are nearly all, so their list goes by id.
CREATE INDEX sagas_not_completed ON sagas (state, id) WHERE state <> 'completed';
