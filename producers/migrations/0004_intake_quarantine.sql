-- Quarantine as a place of work: what a row's file said for it, what was done with the row, and who did it.

alter table intake.quarantine
    add column state         text not null default 'waiting' check (state in ('waiting', 'fixed', 'discarded')),
    add column first_reason  text not null default '',  -- as on the receipt; reason is the one of the last attempt
    add column context       jsonb not null default '{}',  -- what the file or the command said for its rows
    add column edited_at     timestamptz,
    add column settled_at    timestamptz,
    add column settled_batch uuid,                      -- the receipt under which the row went out, if it had news
    add column why           text not null default '';  -- of a discarded row
update intake.quarantine set first_reason = reason;
create index quarantine_waiting on intake.quarantine (reason, id) where state = 'waiting';
create index quarantine_settled on intake.quarantine (settled_batch) where settled_batch is not null;
comment on column intake.quarantine.settled_batch is 'A lost batch gives its rows back: they wait again.';

create table intake.quarantine_log (
    id      bigint generated always as identity primary key,
    held    bigint not null references intake.quarantine on delete cascade,
    at      timestamptz not null,
    who     text not null,
    did     text not null check (did in ('edited', 'resent', 'refused-again', 'discarded')),
    said    text not null default ''        -- names of the columns edited, reason of a refusal or of a discarding; no value
);
create index quarantine_log_held on intake.quarantine_log (held, id);
comment on table intake.quarantine_log is 'What was done with refused rows. Values of rows are not in it.';

alter table intake.batches add column notes text[] not null default '{}';
comment on column intake.batches.notes is 'What the receipt remarks, beside counts and refusals.';

create index facts_unions on intake.facts (key) where change = 'union_stated';
