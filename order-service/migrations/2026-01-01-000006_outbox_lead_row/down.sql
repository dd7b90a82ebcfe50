DELETE FROM outbox_lead;
