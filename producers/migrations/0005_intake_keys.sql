-- Who may post over HTTP and for whom, and what was posted: a post is here, on disk, before its sender is told so.

create table intake.api_keys (
    id          text primary key,           -- the part of the key that is no secret
    name        text not null,              -- the software or office, never a person
    hash        bytea not null,             -- SHA-256 of the secret part: 256 random bits, so one round is enough
    feeds       text[] not null,
    everywhere  boolean not null,
    areas       text[] not null,            -- provinces or wards of today's boundary set
    enterprises text[] not null,            -- tax codes of legal entities
    unions      text[] not null,
    per_minute  int not null check (per_minute > 0),
    created_at  timestamptz not null,
    created_by  text not null,
    expires_at  timestamptz,
    revoked_at  timestamptz,
    revoked_by  text not null default ''
);
comment on table intake.api_keys is 'A key speaks for what is named here and for nothing else.';

create table intake.posts (
    post         uuid primary key,          -- on its receipt
    seq          bigint generated always as identity,
    key_id       text not null references intake.api_keys,
    idempotency  bytea,                     -- keyed hash of the Idempotency-Key
    content      bytea not null,            -- keyed hash of what was posted and how
    state        text not null check (state in ('queued', 'published', 'held')),
    format       text not null check (format in ('rows', 'file')),
    unit         text not null,
    dossier      text not null,
    replaces     text not null,
    size         int not null,
    sealed       bytea,                     -- what was posted, encrypted; gone once it is published
    begun        int not null default 0,    -- how often publishing was begun
    again_at     timestamptz,               -- held: when it is tried again
    receipts     jsonb,                     -- what became of it; nothing personal in it
    received_at  timestamptz not null,
    published_at timestamptz,
    unique (key_id, idempotency),
    check (state = 'published' or sealed is not null)
);
create index posts_waiting on intake.posts (seq) include (size) where state <> 'published';
alter table intake.posts alter column sealed set storage external;
comment on table intake.posts is 'What arrived over HTTP. queued: its turn comes; held: it failed, and is tried again later.';
