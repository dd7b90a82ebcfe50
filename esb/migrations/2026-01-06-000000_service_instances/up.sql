-- Who has registered, and until when it counts; by the clock of this database, since those of instances may differ.
CREATE TABLE service_instances (
    instance UUID PRIMARY KEY,
    name TEXT NOT NULL,
    -- Its base address, without a slash at the end.
    url TEXT NOT NULL,
    version TEXT,
    openapi_url TEXT,
    -- The machine client.
    registered_by TEXT NOT NULL,
    lease_seconds INTEGER NOT NULL,
    lease_expires_at TIMESTAMPTZ NOT NULL,
    -- When it came, or said something else about itself; renewals do not count.
    changed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (name, url)
);
CREATE INDEX service_instances_by_lease ON service_instances (lease_expires_at);
