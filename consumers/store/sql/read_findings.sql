-- One page of findings, the newest first, each with the line of its fact. A dossier's are those of every fact that a
-- version of it stated. As known at an instant: the row that stands, or where it came later the last one before.
with said as (
    select f.person, f.fact, f.what, f.unit, f.day, f.open, f.cause, f.recorded_at
    from store.findings f
    where f.recorded_at <= %(known_at)s
    union all
    select v.person, v.fact, v.what, v.unit, v.day, v.open, v.cause, v.recorded_at
    from (
        select distinct on (o.person, o.fact, o.what) o.*
        from store.finding_versions o
        where %(then)s and o.recorded_at <= %(known_at)s
            and not exists (
                select from store.findings f
                where f.person = o.person and f.fact = o.fact and f.what = o.what and f.recorded_at <= %(known_at)s
            )
        order by o.person, o.fact, o.what, o."offset" desc
    ) v
), matching as (
    select s.* from said s
    where (s.open or %(closed)s)
        and s.day <= %(valid_at)s
        and (%(unit)s::text is null or s.unit = %(unit)s)
        and (%(person)s::uuid is null or s.person = %(person)s)
        and (%(what)s::text is null or s.what = %(what)s)
        and (%(dossier)s::text is null
            or (s.person, s.fact) in (
                select t.person, t.fact from store.facts t
                where t.dossier = %(dossier)s and t.recorded_at <= %(known_at)s))
), shown as (
    select m.*, (select count(*) from matching) as total
    from matching m
    order by m.recorded_at desc, m.person, m.fact, m.what
    limit %(limit)s offset %(skip)s
)
select s.*,
    -- of a unit that has only findings its id tells the code
    coalesce(nullif(u.tax_code, ''), case left(s.unit, 1) when 'e' then substr(s.unit, 2) else '' end) as tax_code,
    coalesce(nullif(u.union_code, ''), case left(s.unit, 1) when 'u' then substr(s.unit, 2) else '' end) as union_code,
    coalesce(u.name, '') as name, t.version, t.change, t.code, t.form, t.source, t.dossier, t.line
from shown s
left join store.unit_status u on u.unit = s.unit
left join lateral store.fact_then(s.person, s.fact, %(known_at)s) t on true
order by s.recorded_at desc, s.person, s.fact, s.what
