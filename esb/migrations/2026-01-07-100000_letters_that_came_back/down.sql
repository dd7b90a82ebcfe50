ALTER TABLE dead_letters DROP COLUMN replay_of_job;
