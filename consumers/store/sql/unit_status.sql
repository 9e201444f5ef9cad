insert into store.unit_status as u
select distinct on (unit) * from stage_unit_status order by unit, version desc, ctid
on conflict (unit) do update set
    kind = excluded.kind, day = excluded.day, version = excluded.version, workers = excluded.workers,
    present = excluded.present, members = excluded.members, tax_code = excluded.tax_code,
    union_code = excluded.union_code, name = excluded.name, ownership = excluded.ownership,
    area_code = excluded.area_code, park = excluded.park, eligible_agreement = excluded.eligible_agreement,
    eligible_party = excluded.eligible_party, upper_union = excluded.upper_union, unions = excluded.unions,
    partial_cover = excluded.partial_cover, agreement = excluded.agreement, party = excluded.party,
    baseline = excluded.baseline, dissolved_on = excluded.dissolved_on, unclosed = excluded.unclosed,
    successors = excluded.successors, recorded_at = excluded.recorded_at
where excluded.version > u.version
