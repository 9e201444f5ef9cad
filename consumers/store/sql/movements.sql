insert into store.movements as m
select distinct on (movement_id) * from stage_movements order by movement_id, version desc, ctid
on conflict (movement_id) do update set
    version = excluded.version, supersedes = excluded.supersedes, person = excluded.person, what = excluded.what,
    from_unit = excluded.from_unit, to_unit = excluded.to_unit, left_on = excluded.left_on,
    started_on = excluded.started_on, facts = excluded.facts, recorded_at = excluded.recorded_at
where excluded.version > m.version
