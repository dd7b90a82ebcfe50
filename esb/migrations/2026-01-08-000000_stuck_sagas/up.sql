-- How many sagas wait for a person is asked every few seconds.
CREATE INDEX sagas_stuck ON sagas (created_at) WHERE state = 'stuck';
