-- What has happened to orders, for those who watch them: kept for a while, so that a stream can go on where it broke off.
CREATE TABLE order_events (
    -- Given out under a lock: who has read up to one will never see a lower one appear.
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    order_id UUID NOT NULL,
    kind TEXT NOT NULL,
    -- The event in one line, as it goes out.
    body TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX order_events_by_order ON order_events (order_id, seq);
CREATE INDEX order_events_by_age ON order_events (received_at);
