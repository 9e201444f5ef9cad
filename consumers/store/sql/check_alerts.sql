-- Alerts, of some units or all, field by field as their records have it.
select replace(id::text, '-', '') as id, rule, unit, tax_code, name, episode, version, state, workers, opened_on,
    confirmed_on, resolved_on, reason, snoozed_until, by, history, successors, inherited
from store.alerts
where %(units)s::text[] is null or unit = any (%(units)s)
