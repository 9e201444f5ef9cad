-- The state of any day, as it was known at any instant.

create aggregate store.merged (jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');

-- Counts of each unit: the sums of its effects.
create function store.counts(valid_at date, known_at timestamptz)
    returns table (unit text, workers bigint, present bigint, members bigint)
    language sql stable parallel safe
begin atomic
    select e.unit, sum(e.workers), sum(e.present), sum(e.members)
    from store.effects e
    where e.day <= valid_at and e.recorded_at <= known_at
    group by e.unit;
end;

-- What registers said of each unit: of every (about, key, branch) the latest asserted mark speaks;
-- one that ends on a day beats one that begins on it. Descriptions add up, later ones over earlier ones.
create function store.said(valid_at date, known_at timestamptz)
    returns table (unit text, stated jsonb, unions text[], partial_cover boolean, agreement boolean, party boolean,
                   baseline text, dissolved_on date, successors text[])
    language sql stable
begin atomic
    with asserted as (
        select m.unit, m.about, m.day, m.key, m.branch, m."on", m.detail
        from store.marks m
        where m.day <= valid_at and m.recorded_at <= known_at
        group by m.unit, m.about, m.day, m.key, m.branch, m."on", m.detail
        having sum(m.sign) > 0
    ), latest as (
        select distinct on (a.unit, a.about, a.key, a.branch) a.*
        from asserted a
        where a.about <> 'described'
        order by a.unit, a.about, a.key, a.branch, a.day desc, a."on", a.detail::text desc
    ), described as (
        select a.unit, store.merged(a.detail order by a.day, a.detail::text) as stated
        from asserted a
        where a.about = 'described' and a.branch = ''
        group by a.unit
    ), covers as (
        select l.unit, l.key, bool_or(l.branch = '') as whole
        from latest l where l.about = 'cover' and l."on"
        group by l.unit, l.key
    ), cover as (
        select c.unit, array_agg(c.key order by c.key) as unions, not bool_or(c.whole) as partial_cover
        from covers c group by c.unit
    ), rest as (
        select l.unit,
            coalesce(bool_or(true) filter (where l.about = 'agreement'), false) as agreement,
            coalesce(bool_or(true) filter (where l.about = 'party'), false) as party,
            max(case when l.detail ->> 'complete' = 'yes' then 'complete' else 'partial' end)
                filter (where l.about = 'baseline') as baseline,
            max(l.day) filter (where l.about = 'dissolved' and l.branch = '') as dissolved_on,
            array_agg(l.key order by l.key) filter (where l.about = 'edge' and l.detail ->> 'direction' = 'to')
                as successors
        from latest l where l."on"
        group by l.unit
    )
    select u.unit, coalesce(d.stated, '{}'), coalesce(c.unions, '{}'), coalesce(c.partial_cover, false),
        coalesce(r.agreement, false), coalesce(r.party, false), coalesce(r.baseline, 'none'), r.dissolved_on,
        coalesce(r.successors, '{}')
    from (select distinct a.unit from asserted a) u
    left join described d using (unit)
    left join cover c using (unit)
    left join rest r using (unit);
end;

-- Both together: every unit known by then. Spells left at a dissolved enterprise count no more.
create function store.units(valid_at date, known_at timestamptz)
    returns table (unit text, kind text, workers bigint, present bigint, members bigint, tax_code text, union_code text,
                   name text, unions text[], partial_cover boolean, baseline text, dissolved_on date, unclosed bigint)
    language sql stable
begin atomic
    with counted as (
        select e.unit,
            coalesce(sum(e.workers) filter (where e.day <= valid_at), 0) as workers,
            coalesce(sum(e.present) filter (where e.day <= valid_at), 0) as present,
            coalesce(sum(e.members) filter (where e.day <= valid_at), 0) as members
        from store.effects e
        where e.recorded_at <= known_at
        group by e.unit
    ), known as (
        select c.unit from counted c
        union
        select m.unit from store.marks m where m.recorded_at <= known_at
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
        case when s.dissolved_on is null then 0 else coalesce(c.workers, 0) end
    from known k
    left join counted c using (unit)
    left join store.said(valid_at, known_at) s using (unit);
end;

-- City figures count a person once. Spells at dissolved enterprises do not count; a membership ends by a fact of its
-- own, not with its union.
create function store.persons(valid_at date, known_at timestamptz)
    returns table (persons bigint, members bigint)
    language sql stable
begin atomic
    with held as (
        select e.person, e.unit, sum(e.workers) as workers, sum(e.members) as members
        from store.effects e
        where e.day <= valid_at and e.recorded_at <= known_at
        group by e.person, e.unit
    ), dissolved as materialized (
        select s.unit from store.said(valid_at, known_at) s where s.dissolved_on is not null
    )
    select count(distinct h.person) filter (where h.workers > 0 and h.unit like 'e%' and d.unit is null),
        count(distinct h.person) filter (where h.members > 0 and h.unit like 'u%')
    from held h
    left join dissolved d using (unit);
end;
