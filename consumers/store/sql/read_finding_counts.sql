-- How many findings are open, or were at an instant, by code.
select what, count(*) as number
from (
    select f.what, f.open from store.findings f where f.recorded_at <= %(known_at)s
    union all
    select v.what, v.open
    from (
        select distinct on (o.person, o.fact, o.what) o.what, o.open
        from store.finding_versions o
        where %(then)s and o.recorded_at <= %(known_at)s
            and not exists (
                select from store.findings f
                where f.person = o.person and f.fact = o.fact and f.what = o.what and f.recorded_at <= %(known_at)s
            )
        order by o.person, o.fact, o.what, o."offset" desc
    ) v
) said
where open
group by what
order by number desc, what
