-- The member record with its history, merged and erased persons, and what a change of the vault's key needs.

alter table vault.keyring
    add column generation int not null default 1,   -- counts the changes of the key
    add column former bytea;                        -- fingerprint of the key before, while a change is under way

alter table vault.persons
    add column generation int not null default 1,   -- of the master key that wraps this person's key
    add column name_index bytea,                    -- HMAC-SHA256(secret, folded name and birth year)
    add column card_index bytea,                    -- HMAC-SHA256(secret, card number)
    add column merged_into uuid;                    -- the id that stays; this one is only a signpost then
create index persons_named on vault.persons (name_index) where name_index is not null;
create index persons_carded on vault.persons (card_index) where card_index is not null;
create index persons_merged on vault.persons (merged_into) where merged_into is not null;

alter table vault.aliases
    add column number bytea;                        -- the number itself, sealed by the person's own key

create table vault.versions (
    seq     bigint generated always as identity primary key,
    person  uuid not null,
    changed bytea not null,                 -- {field: [before, after]} (JSON), sealed by the person's own key
    by      text not null,                  -- who: an account, or "intake"
    why     bytea not null,                 -- a purpose, or dossier and line, sealed by the person's own key
    at      timestamptz not null
);
create index versions_person on vault.versions (person, seq);
comment on table vault.versions is 'Every change of a member record after its first statement: what, by whom, why.';

create table vault.positions (
    position uuid primary key,
    person   uuid not null,
    held     bytea not null                 -- union, position, since, until (JSON), sealed by the person's own key
);
create index positions_person on vault.positions (person);
comment on table vault.positions is 'Positions that a member held in a union.';

create table vault.merges (
    loser       uuid primary key,
    winner      uuid not null,              -- as it was then; vault.persons.merged_into follows later merges
    by          text not null,
    why         bytea not null,             -- sealed by the winner's own key
    at          timestamptz not null,
    batch       uuid not null,              -- on the receipt: by it a crash is settled
    receipts_at jsonb not null,             -- partition -> offset of intake.receipts before it was published
    published   boolean not null
);
create index merges_waiting on vault.merges (loser) where not published;
comment on table vault.merges is 'Two ids that were one person. Not published: its fact may or may not be on the log; the next run finds out.';

create table vault.distinct_pairs (
    one   uuid not null,
    other uuid not null check (one < other),
    by    text not null,
    at    timestamptz not null,
    primary key (one, other)
);
comment on table vault.distinct_pairs is 'Looked at by a clerk: alike, and not the same person. Not suggested again.';

create table vault.erasures (
    person uuid primary key,
    by     text not null,
    at     timestamptz not null
);
comment on table vault.erasures is 'Ids that lead to nobody any more.';
