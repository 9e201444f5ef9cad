-- Why a post is held, what operators did with it, how long its receipt is kept, and what a key was used for.

alter table intake.posts
    add column held_at     timestamptz,             -- since when it fails
    add column held_reason text not null default '' check (held_reason in ('', 'fault', 'killed', 'vault-key')),
    add column held_where  text not null default '';  -- kind of the error and lines of the program; no value of a row
update intake.posts set held_at = received_at, held_reason = 'fault' where state = 'held';
create index posts_rest on intake.posts (published_at) where state = 'published';

create table intake.post_log (
    id   bigint generated always as identity primary key,
    post uuid not null references intake.posts on delete cascade,
    at   timestamptz not null,
    who  text not null,
    did  text not null check (did in ('retried', 'refused')),
    said text not null default ''           -- why, as the sender reads it on the receipt
);
create index post_log_post on intake.post_log (post, id);
comment on table intake.post_log is 'What operators did with posts that were held. Values of rows are not in it.';

-- Sums, because receipts are not kept for ever.
alter table intake.api_keys
    add column last_used_at  timestamptz,
    add column posts         bigint not null default 0,
    add column accepted_rows bigint not null default 0,
    add column refused_rows  bigint not null default 0;
update intake.api_keys k
set posts = p.posts, accepted_rows = p.accepted, refused_rows = p.refused, last_used_at = p.latest
from (
    select key_id, count(*) filter (where state = 'published') as posts, max(received_at) as latest,
        coalesce(sum(r.accepted), 0) as accepted, coalesce(sum(r.refused), 0) as refused
    from intake.posts
    cross join lateral (
        select sum((one.value ->> 'accepted')::bigint) as accepted, sum((one.value ->> 'refused_total')::bigint) as refused
        from jsonb_array_elements(coalesce(receipts, '[]')) one
    ) r
    group by key_id
) p
where p.key_id = k.id;
comment on column intake.api_keys.last_used_at is 'To the minute.';
