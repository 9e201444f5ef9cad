-- One page of findings, the newest first, each with the line of its fact. A dossier's are those of every fact that a
-- version of it stated.
with matching as (
    select f.person, f.fact, f.what, f.unit, f.day, f.open, f.cause, f.recorded_at
    from store.findings f
    where (f.open or %(closed)s)
        and (%(unit)s::text is null or f.unit = %(unit)s)
        and (%(person)s::uuid is null or f.person = %(person)s)
        and (%(what)s::text is null or f.what = %(what)s)
        and (%(dossier)s::text is null
            or (f.person, f.fact) in (select t.person, t.fact from store.facts t where t.dossier = %(dossier)s))
), shown as (
    select m.*, (select count(*) from matching) as total
    from matching m
    order by m.recorded_at desc, m.person, m.fact, m.what
    limit %(limit)s offset %(skip)s
)
select s.*, coalesce(u.tax_code, '') as tax_code, coalesce(u.union_code, '') as union_code,
    coalesce(u.name, '') as name, t.version, t.change, t.code, t.form, t.source, t.dossier, t.line
from shown s
left join store.unit_status u on u.unit = s.unit
left join lateral store.latest_fact(s.person, s.fact) t on true
order by s.recorded_at desc, s.person, s.fact, s.what
