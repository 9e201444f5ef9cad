-- Who is who. Nothing here can be rebuilt from Kafka: this schema has its own backup.
-- No foreign keys between these tables: the intake writes them in bulk, under one lock, in one transaction.

create table vault.persons (
    id          uuid primary key,           -- 128 random bits; the key of every record about this person
    wrapped_key bytea not null,             -- the person's own key, sealed by the master key
    record      bytea,                      -- the member record (JSON), sealed by the person's own key
    minted_at   timestamptz not null,
    recorded_at timestamptz not null
);
comment on table vault.persons is 'A person, and the member record under a key of its own: erasing the key erases the record.';

create table vault.aliases (
    hash    bytea primary key,              -- HMAC-SHA256(secret, kind:identifier)
    person  uuid not null,
    kind    text not null,                  -- personal, insurance, id9
    since   date not null,                  -- day of the first fact that stated it
    seen_at timestamptz not null
);
create index aliases_person on vault.aliases (person);
comment on table vault.aliases is 'Identifiers that lead to a person, hashed with a secret, dated.';

create table vault.codes (
    fact   uuid primary key,
    person uuid not null,
    code   bytea not null                   -- the movement code, sealed by the person's own key
);
create index codes_person on vault.codes (person);
comment on table vault.codes is 'Movement codes that tell of health: the log has the class only.';

create table vault.keyring (
    one         boolean primary key default true check (one),
    fingerprint bytea not null,
    made_at     timestamptz not null default now()
);
comment on table vault.keyring is 'Which key this vault was made with, without telling the key.';

create table vault.reads (
    read_at timestamptz not null default now(),
    who     text not null,
    why     text not null,
    what    text not null,                  -- person, quarantine, find
    person  uuid,
    rows    int not null
);
create index reads_person on vault.reads (person, read_at);
comment on table vault.reads is 'Every read of personal data.';
