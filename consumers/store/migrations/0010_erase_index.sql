-- Erasing a person asks what that person still holds, also from a day to come. person_units is keyed by the person; what
-- waits for its day was not, and all of it was read.
create index waiting_person on store.waiting (person);
