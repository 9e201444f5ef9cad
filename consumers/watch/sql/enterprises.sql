-- One page of enterprises, the largest first. Dissolved ones are shown by their own filter, and when they are sought.
-- Each name is made plain once, and only the page's own rows are carried in full.
with sought as materialized (
    select array(select watch.plain(w) from unnest(%(words)s::text[]) w) as words
), matching as (
    select u.unit, u.dissolved_on is not null as dissolved, u.workers, u.members, u.tax_code
    from store.unit_status u
    cross join sought
    cross join lateral (
        select case when cardinality(sought.words) > 0 then watch.plain(u.name || ' ' || u.tax_code) end as said offset 0
    ) p
    where u.kind = 'enterprise'
        and (select bool_and(position(w in p.said) > 0) from unnest(sought.words) w) is not false
        and case %(show)s
            when 'without' then u.dissolved_on is null and u.workers >= 20 and u.ownership <> 'public_unit'
                and cardinality(u.unions) = 0
            when 'with_union' then u.dissolved_on is null and cardinality(u.unions) > 0
            when 'dissolved' then u.dissolved_on is not null
            else u.dissolved_on is null or cardinality(sought.words) > 0
        end
), shown as (
    select m.*, (select count(*) from matching) as total
    from matching m
    order by m.dissolved, m.workers desc, m.members desc, m.tax_code, m.unit
    limit %(limit)s offset %(skip)s
)
select u.unit, u.tax_code, u.name, u.workers, u.present, u.members, u.unions, u.partial_cover, u.ownership, u.baseline,
    u.dissolved_on, s.total
from shown s
join store.unit_status u using (unit)
order by s.dissolved, s.workers desc, s.members desc, s.tax_code, s.unit
