-- An erased customer keeps its row, for the orders, and nothing that says who it was.
CREATE TABLE customers (
    id            uuid PRIMARY KEY,
    email         text NOT NULL,
    -- The address as it is compared: the same in every database, whatever its locale.
    email_key     text NOT NULL,
    name          text NOT NULL,
    status        text NOT NULL CHECK (status IN ('active', 'erased')),
    is_operator   boolean NOT NULL DEFAULT false,
    password_hash text,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CHECK (status = 'active' OR (email = '' AND name = '' AND password_hash IS NULL))
);
CREATE UNIQUE INDEX customers_email ON customers (email_key) WHERE status = 'active';

CREATE TABLE addresses (
    id          uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    name        text NOT NULL,
    line1       text NOT NULL,
    line2       text,
    city        text NOT NULL,
    postal_code text NOT NULL,
    country     text NOT NULL,
    is_default  boolean NOT NULL,
    version     bigint NOT NULL DEFAULT 1
);
CREATE INDEX addresses_of_customer ON addresses (customer_id, id);
CREATE UNIQUE INDEX addresses_default ON addresses (customer_id) WHERE is_default;

-- Tokens of one sign-in are a family: each is used once, for the next one.
CREATE TABLE refresh_tokens (
    hash        bytea PRIMARY KEY,
    family      uuid NOT NULL,
    customer_id uuid NOT NULL REFERENCES customers (id),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_of_customer ON refresh_tokens (customer_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

CREATE TABLE machine_clients (
    id          text PRIMARY KEY,
    secret_hash text NOT NULL,
    scope       text NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    private_key bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    -- When it stops signing; it is published until the last token that it signed has ended.
    retired_at  timestamptz
);

CREATE TABLE outbox (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         uuid NOT NULL UNIQUE,
    kind       text NOT NULL,
    subject    text NOT NULL,
    body       bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE outbox_lead (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    owner   uuid NOT NULL,
    ends_at timestamptz NOT NULL
);
