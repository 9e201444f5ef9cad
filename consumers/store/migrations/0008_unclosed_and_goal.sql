-- Every unit known by then, with counts, dated name, codes and area. Spells left at a dissolved enterprise count no more,
-- nor do memberships left in a dissolved union: both are ``unclosed``.
create or replace function store.units_then(picked text[], valid_at date, known_at timestamptz, month date)
    returns table (unit text, kind text, workers bigint, present bigint, members bigint, tax_code text, union_code text,
                   name text, unions text[], partial_cover boolean, baseline text, dissolved_on date, unclosed bigint,
                   agreement boolean, party boolean, ownership text, area_code text, park text,
                   eligible_agreement text, eligible_party text, area_since date, area_recorded_at timestamptz)
    language sql stable
begin atomic
    with counted as (
        select e.unit,
            coalesce(sum(e.workers) filter (where e.day <= valid_at), 0) as workers,
            coalesce(sum(e.present) filter (where e.day <= valid_at), 0) as present,
            coalesce(sum(e.members) filter (where e.day <= valid_at), 0) as members
        from store.effects_known(picked, known_at, month) e
        group by e.unit
    ), known as (
        select c.unit from counted c
        union
        select m.unit from store.marks m
        where m.recorded_at <= known_at and (picked is null or m.unit = any (picked))
            and (month is null or m."offset" < (select store.cutoffs(month))[m.partition + 1])
    )
    select k.unit,
        case when k.unit like 'u%' then 'union' else 'enterprise' end,
        case when s.dissolved_on is null then coalesce(c.workers, 0) else 0 end,
        case when s.dissolved_on is null then coalesce(c.present, 0) else 0 end,
        case when s.dissolved_on is null then coalesce(c.members, 0) else 0 end,
        case when k.unit like 'e%' then coalesce(s.stated ->> 'tax_code', substr(k.unit, 2)) else '' end,
        case when k.unit like 'u%' then coalesce(s.stated ->> 'union_code', substr(k.unit, 2)) else '' end,
        coalesce(s.stated ->> 'name', ''),
        coalesce(s.unions, '{}'), coalesce(s.partial_cover, false), coalesce(s.baseline, 'none'), s.dissolved_on,
        case when s.dissolved_on is null then 0 when k.unit like 'u%' then coalesce(c.members, 0) else coalesce(c.workers, 0) end,
        coalesce(s.agreement, false), coalesce(s.party, false), coalesce(s.stated ->> 'ownership', ''),
        coalesce(s.stated ->> 'area_code', ''), coalesce(s.stated ->> 'park', ''),
        coalesce(s.stated ->> 'eligible_agreement', ''), coalesce(s.stated ->> 'eligible_party', ''),
        s.area_since, s.area_recorded_at
    from known k
    left join counted c using (unit)
    left join store.said_then(picked, valid_at, known_at, month) s using (unit);
end;

-- Up to where the log went when the store began to read it: while ``next_offset`` is less, figures are behind.
alter table store.offsets add column goal bigint not null default 0;
