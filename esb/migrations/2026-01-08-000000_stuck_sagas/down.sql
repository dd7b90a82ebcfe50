DROP INDEX sagas_stuck;
