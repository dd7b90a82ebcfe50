DROP TABLE IF EXISTS outbox_lead;
