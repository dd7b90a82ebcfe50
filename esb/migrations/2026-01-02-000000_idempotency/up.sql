-- What callers were answered under their idempotency keys.
CREATE TABLE idempotency (
    caller          text NOT NULL,
    idempotency_key text NOT NULL,
    digest          bytea NOT NULL,
    -- Who works on it; another may from lease_until on.
    owner           uuid NOT NULL,
    lease_until     timestamptz NOT NULL,
    -- Null while it is worked on.
    status          smallint,
    headers         json,
    body            bytea,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);

CREATE INDEX idempotency_expires ON idempotency (expires_at);
