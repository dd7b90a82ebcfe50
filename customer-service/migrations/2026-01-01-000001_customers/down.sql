DROP TABLE outbox_lead, outbox, signing_keys, machine_clients, refresh_tokens, addresses, customers;
