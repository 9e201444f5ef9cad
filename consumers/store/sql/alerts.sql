insert into store.alerts as a
select distinct on (id) * from stage_alerts order by id, version desc, ctid
on conflict (id) do update set
    rule = excluded.rule, unit = excluded.unit, tax_code = excluded.tax_code, name = excluded.name,
    episode = excluded.episode, version = excluded.version, state = excluded.state, workers = excluded.workers,
    opened_on = excluded.opened_on, confirmed_on = excluded.confirmed_on, resolved_on = excluded.resolved_on,
    reason = excluded.reason, snoozed_until = excluded.snoozed_until, by = excluded.by, history = excluded.history,
    recorded_at = excluded.recorded_at, successors = excluded.successors, inherited = excluded.inherited
where excluded.version > a.version
