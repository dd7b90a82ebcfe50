DROP TABLE IF EXISTS stock_changes;
