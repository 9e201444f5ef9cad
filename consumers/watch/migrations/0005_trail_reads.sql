-- Who looked at one person's trail. A trail has no name, but with a dossier in hand it leads to somebody.
create table watch.trail_reads (
    account text not null,
    person uuid not null,
    at timestamptz not null default now()
);
create index trail_reads_person on watch.trail_reads (person, at);
