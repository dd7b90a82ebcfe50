DROP TABLE replay_items, replay_jobs, dead_letter_actions, dead_letters;
