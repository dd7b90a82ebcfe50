-- The job whose replay came back as this letter: a job is asked again and again how many did.
ALTER TABLE dead_letters ADD COLUMN replay_of_job uuid;

UPDATE dead_letters c SET replay_of_job = d.replay_job FROM dead_letters d
WHERE c.replay_id IS NOT NULL AND d.replayed_as = c.replay_id AND d.replay_job IS NOT NULL;

CREATE INDEX dead_letters_replay_of_job ON dead_letters (replay_of_job) WHERE replay_of_job IS NOT NULL;
