CREATE TABLE IF NOT EXISTS stock_changes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    product_id BINARY(16) NOT NULL,
    delta BIGINT NOT NULL,
    reason TEXT NOT NULL,
    changed_by VARCHAR(255) NOT NULL,
    idempotency_key VARCHAR(255) NULL,
    answer MEDIUMTEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY stock_changes_once (changed_by, idempotency_key),
    KEY stock_changes_by_product (product_id, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
