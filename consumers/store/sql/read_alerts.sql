select a.id, a.rule, a.unit, coalesce(nullif(s.tax_code, ''), a.tax_code) as tax_code,
    coalesce(nullif(s.name, ''), a.name) as name, a.state, a.episode,
    case when a.state = 'resolved' and s.dissolved_on is null then a.workers
        else coalesce(s.workers, a.workers) end as workers,
    s.dissolved_on, coalesce(s.unclosed, 0) as unclosed,
    a.opened_on, a.confirmed_on, a.resolved_on, a.reason, a.snoozed_until, a.by, a.history,
    a.successors, a.inherited
from store.alerts a
left join store.unit_status s using (unit)
where %(unit)s::text is null or a.unit = %(unit)s
order by a.state = 'resolved', workers desc, a.opened_on, a.id
