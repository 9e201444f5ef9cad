-- Posts with their keys: those that wait in the order of their turns, then the published, the newest first.
with page as (
    select p.*, count(*) over () as total
    from intake.posts p
    where (%(states)s::text[] is null or p.state = any (%(states)s))
        and (%(key_id)s::text is null or p.key_id = %(key_id)s)
        and (%(posts)s::uuid[] is null or p.post = any (%(posts)s))
    order by p.state = 'published', case when p.state = 'published' then -p.seq else p.seq end
    limit %(limit)s offset %(skip)s
)
select p.post, p.key_id, k.name, p.state, p.format, p.size, p.begun, p.received_at, p.published_at, p.held_at,
    p.held_reason, p.held_where, p.again_at, coalesce(r.accepted, 0), coalesce(r.unchanged, 0), coalesce(r.refused, 0),
    p.total
from page p
join intake.api_keys k on k.id = p.key_id
cross join lateral (
    select sum((one.value ->> 'accepted')::bigint)::bigint as accepted,
        sum((one.value ->> 'unchanged')::bigint)::bigint as unchanged,
        sum((one.value ->> 'refused_total')::bigint)::bigint as refused
    from jsonb_array_elements(coalesce(p.receipts, '[]')) one
) r
order by p.state = 'published', case when p.state = 'published' then -p.seq else p.seq end
