-- What was said, in which version; what waits between PostgreSQL and Kafka; what was refused.

create table intake.batches (
    batch       uuid primary key,           -- one ingestion of one dossier; on its receipt
    state       text not null check (state in ('staged', 'done')),
    dossier     text not null,
    unit        text not null,
    feed        text not null,
    file        text not null,
    sha256      text not null,
    accepted    int not null,
    unchanged   int not null,
    refused     int not null,
    receipts_at jsonb not null,             -- partition -> offset of intake.receipts before the batch was published
    staged_at   timestamptz not null
);
create index batches_staged on intake.batches (state) where state = 'staged';
create index batches_file on intake.batches (sha256);
comment on table intake.batches is 'staged: its facts are in the index, its receipt may or may not be on the log; the next run finds out.';

create table intake.facts (
    fact    uuid primary key,
    key     text not null,                  -- person or subject: the key of the record
    version int not null,
    live    boolean not null,               -- false: withdrawn
    content bytea not null,                 -- keyed hash of what the live version says
    past    bytea not null default '',      -- hashes of earlier versions, 16 bytes each
    batch   uuid not null,                  -- that wrote this version
    source  text not null,
    unit    text not null,                  -- enterprise or union; empty for other subjects
    branch  text not null,
    form    text not null,
    dossier text not null,                  -- where the fact was first declared: what a citation names
    line    text not null,
    day     date not null,
    change  text not null,
    detail  text not null default ''        -- roster_stated: complete or partial
);
create index facts_cited on intake.facts (hashtextextended(dossier, 0), line);
create index facts_starts on intake.facts (unit, branch)
    where change in ('joined', 'transferred_in', 'returned', 'listed');
create index facts_rosters on intake.facts (unit, branch) where change = 'roster_stated';
create index facts_subjects on intake.facts (key)
    where change = 'enterprise_stated';
comment on table intake.facts is 'Identity -> version and content of every fact on the log: what a row is compared with.';

create table intake.undo (
    batch uuid not null,
    seq   bigint generated always as identity,
    image jsonb not null,                   -- the row of intake.facts before this batch changed it
    primary key (batch, seq)
);
comment on table intake.undo is 'How to take a staged batch back out of the index when its receipt is not on the log.';

create table intake.unit_codes (
    unit_code text not null,
    since     date not null,
    unit      text not null,
    branch    text not null,
    batch     uuid not null,
    primary key (unit_code, since)
);
comment on table intake.unit_codes is 'Social-insurance unit codes of enterprises, dated by the register row that stated them.';

create table intake.dossier_aliases (
    source  text not null,
    unit    text not null,
    alias   text not null,                  -- number of the dossier that replaced another
    dossier text not null,                  -- the one that it replaced: its lines keep their identity
    batch   uuid not null,
    primary key (source, unit, alias)
);
comment on table intake.dossier_aliases is 'A dossier sent with --replaces speaks under the identity of the one that it replaced.';

create table intake.quarantine (
    id         bigint generated always as identity primary key,
    batch      uuid not null,
    dossier    text not null,
    unit       text not null,
    feed       text not null,
    file       text not null,
    sha256     text not null,
    line       text not null,
    field      text not null,
    reason     text not null,
    message    text not null,
    sealed     bytea not null,              -- the row as stated, sealed by the master key
    refused_at timestamptz not null
);
create index quarantine_dossier on intake.quarantine (dossier, line);
create index quarantine_batch on intake.quarantine (batch);
create index quarantine_file on intake.quarantine (sha256);
comment on table intake.quarantine is 'Refused rows. Only the reason is in clear.';
