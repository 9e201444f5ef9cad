-- One page of alerts: unresolved first, by workers, then age. An unresolved one shows the live count, one of a dissolved
-- enterprise none (rule 14).
with sought as materialized (
    select array(select watch.plain(w) from unnest(%(words)s::text[]) w) as words
), found as (
    select a.id, a.rule, a.unit, a.episode, a.version, a.state, a.opened_on, a.confirmed_on, a.resolved_on, a.reason,
        a.snoozed_until, a.by, a.history,
        coalesce(nullif(s.tax_code, ''), a.tax_code) as tax_code, coalesce(nullif(s.name, ''), a.name) as name,
        case when a.state = 'resolved' and s.dissolved_on is null then a.workers
            else coalesce(s.workers, a.workers) end as workers
    from store.alerts a
    left join store.unit_status s using (unit)
    where a.state = any (%(states)s)
        and (%(unit)s::text is null or a.unit = %(unit)s)
), matching as (
    select f.*
    from found f
    cross join sought
    cross join lateral (
        select case when cardinality(sought.words) > 0 then watch.plain(f.name || ' ' || f.tax_code) end as said offset 0
    ) p
    where (select bool_and(position(w in p.said) > 0) from unnest(sought.words) w) is not false
)
select m.*, coalesce(m.resolved_on, t.day) - m.opened_on as age, p.action as sent_action, p.by as sent_by,
    p.at < now() - %(patience)s as sent_long_ago, count(*) over () as total
from matching m
cross join store.today t
left join watch.sent p on p.alert = m.id and p.version >= m.version and m.state <> 'resolved'
order by m.state = 'resolved', m.workers desc, m.opened_on, m.id
limit %(limit)s offset %(skip)s
