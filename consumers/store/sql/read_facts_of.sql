-- The latest known version of each fact of some persons. What came with a merged identity has the line of its original.
with latest as materialized (
    select distinct on (f.person, f.fact) f.*
    from store.facts f
    where f.person = any (%(persons)s::uuid[]) and f.recorded_at <= %(known_at)s
    order by f.person, f.fact, f.version desc
)
select l.person, l.fact, l.version, l.change, l.unit, l.branch, l.day, l.exact, l.form, l.code, l.source,
    coalesce(o.dossier, l.dossier) as dossier, coalesce(o.line, l.line) as line, l.partition, l."offset",
    l.recorded_at, l.rest ->> 'winner' as winner
from latest l
left join lateral store.fact_then(case when l.source = 'merged' then l.person end, l.fact, %(known_at)s) o on true
order by l.person, l.day, l."offset"
