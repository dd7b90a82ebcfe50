CREATE TABLE IF NOT EXISTS products (
    id BINARY(16) NOT NULL PRIMARY KEY,
    sku VARCHAR(64) COLLATE utf8mb4_unicode_ci NOT NULL,
    name VARCHAR(200) COLLATE utf8mb4_unicode_ci NOT NULL,
    description TEXT COLLATE utf8mb4_unicode_ci NOT NULL,
    price_amount BIGINT NOT NULL,
    price_currency CHAR(3) NOT NULL,
    available BIGINT NOT NULL DEFAULT 0,
    image_url TEXT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY products_sku (sku),
    KEY products_by_name (name, id),
    CONSTRAINT products_never_oversold CHECK (available >= 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
