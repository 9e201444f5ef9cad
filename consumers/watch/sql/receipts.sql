-- One page of receipts, the newest first, each with its first refusals.
with matching as (
    select r.*
    from store.receipts r
    where (not %(refused)s or r.refused_total > 0)
        and (select bool_and(position(watch.plain(w) in watch.plain(r.dossier || ' ' || r.file)) > 0)
            from unnest(%(words)s::text[]) w) is not false
), shown as (
    select m.*, count(*) over () as total
    from matching m
    order by m.recorded_at desc, m.batch
    limit %(limit)s offset %(skip)s
)
select s.batch, s.dossier, s.file, s.feed, s.accepted, s.unchanged, s.refused_total, s.signed, s.recorded_at, s.total,
    coalesce((
        select jsonb_agg(jsonb_build_object('line', f.line, 'field', f.field, 'reason', f.reason, 'message', f.message)
            order by f.place)
        from store.receipt_refusals f
        where f.batch = s.batch and f.place < %(first)s
    ), '[]') as refused
from shown s
order by s.recorded_at desc, s.batch
