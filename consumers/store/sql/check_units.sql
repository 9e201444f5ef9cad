-- Of some units: live state as it came by the log, the sums that are kept, and the sums of all effects that are due.
-- "day" is that of the last tick on the units' partition.
select u.unit, s.version, s.workers, s.present, s.members, s.unions, s.tax_code, s.union_code,
    coalesce(c.workers, 0) as kept_workers, coalesce(c.present, 0) as kept_present,
    coalesce(c.members, 0) as kept_members,
    e.workers as due_workers, e.present as due_present, e.members as due_members
from unnest(%(units)s::text[]) u (unit)
left join store.unit_status s using (unit)
left join store.unit_counts c using (unit)
cross join lateral (
    select coalesce(sum(f.workers), 0)::int as workers, coalesce(sum(f.present), 0)::int as present,
        coalesce(sum(f.members), 0)::int as members
    from store.effects f
    where f.unit = u.unit and f.day <= %(day)s
) e
