-- What operators did with dead records. The records stand on Kafka, for ever the same; what is written here is whose
-- hands they went through. Not rebuilt from the log; why is typed by a person, so it is not on the log either.
create table watch.dead_marks (
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    digest bytea not null, -- of the record, so that a mark never speaks of another one that came to stand at its place
    state text not null check (state in ('replaying', 'replayed', 'discarded')),
    by text not null,
    why text not null default '',
    at timestamptz not null default now(),
    primary key (topic, partition, "offset")
);
comment on column watch.dead_marks.state is 'replaying: begun, and its end is not known; the record stays open.';
