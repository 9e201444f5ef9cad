-- Everything as of a day (valid_at), as known at an instant (known_at), or as known when a month-end was frozen (month);
-- picked: these units, null for all.

-- The tick that froze a month-end, on each partition of unit.changes: all that lies before it was known then. It is the
-- place on the log, not the hour, so reading the log again finds the same.
create table store.month_end_places (
    month_end date not null,
    partition int not null,
    "offset" bigint not null,
    day date not null,
    primary key (month_end, partition)
);

-- By partition, from 0; worked out once a statement.
create function store.cutoffs(month date)
    returns bigint[]
    language sql stable
begin atomic
    select array_agg(p."offset" order by p.partition) from store.month_end_places p where p.month_end = month;
end;

create function store.effects_known(picked text[], known_at timestamptz, month date)
    returns setof store.effects
    language sql stable
begin atomic
    select e.* from store.effects e
    where e.recorded_at <= known_at
        and (picked is null or e.unit = any (picked))
        and (month is null or e."offset" < (select store.cutoffs(month))[e.partition + 1]);
end;

-- Statements that stand: asserted more often than taken back.
create function store.marks_known(picked text[], valid_at date, known_at timestamptz, month date)
    returns table (unit text, about text, day date, key text, branch text, "on" boolean, detail jsonb,
                   recorded_at timestamptz)
    language sql stable
begin atomic
    select m.unit, m.about, m.day, m.key, m.branch, m."on", m.detail, min(m.recorded_at) filter (where m.sign > 0)
    from store.marks m
    where m.day <= valid_at and m.recorded_at <= known_at
        and (picked is null or m.unit = any (picked))
        and (month is null or m."offset" < (select store.cutoffs(month))[m.partition + 1])
    group by m.unit, m.about, m.day, m.key, m.branch, m."on", m.detail
    having sum(m.sign) > 0;
end;

-- What registers said: as store.said, and since when the area code was stated.
create function store.said_then(picked text[], valid_at date, known_at timestamptz, month date)
    returns table (unit text, stated jsonb, unions text[], partial_cover boolean, agreement boolean, party boolean,
                   baseline text, dissolved_on date, successors text[], area_since date, area_recorded_at timestamptz)
    language sql stable
begin atomic
    with asserted as materialized (
        select * from store.marks_known(picked, valid_at, known_at, month)
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
    ), placed as (
        select distinct on (a.unit) a.unit, a.day, a.recorded_at
        from asserted a
        where a.about = 'described' and a.branch = '' and a.detail ? 'area_code'
        order by a.unit, a.day desc, a.detail::text desc
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
        coalesce(r.successors, '{}'), p.day, p.recorded_at
    from (select distinct a.unit from asserted a) u
    left join described d using (unit)
    left join cover c using (unit)
    left join rest r using (unit)
    left join placed p using (unit);
end;

-- Every unit known by then, with counts, dated name, codes and area. Spells left at a dissolved enterprise count no more.
create function store.units_then(picked text[], valid_at date, known_at timestamptz, month date)
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
        case when s.dissolved_on is null then 0 else coalesce(c.workers, 0) end,
        coalesce(s.agreement, false), coalesce(s.party, false), coalesce(s.stated ->> 'ownership', ''),
        coalesce(s.stated ->> 'area_code', ''), coalesce(s.stated ->> 'park', ''),
        coalesce(s.stated ->> 'eligible_agreement', ''), coalesce(s.stated ->> 'eligible_party', ''),
        s.area_since, s.area_recorded_at
    from known k
    left join counted c using (unit)
    left join store.said_then(picked, valid_at, known_at, month) s using (unit);
end;

-- City figures count a person once (rule 5), as store.persons.
create function store.persons_then(valid_at date, known_at timestamptz, month date)
    returns table (persons bigint, members bigint)
    language sql stable
begin atomic
    with held as (
        select e.person, e.unit, sum(e.workers) as workers, sum(e.members) as members
        from store.effects_known(null, known_at, month) e
        where e.day <= valid_at
        group by e.person, e.unit
    ), dissolved as materialized (
        select s.unit from store.said_then(null, valid_at, known_at, month) s where s.dissolved_on is not null
    )
    select count(*) filter (where one.works), count(*) filter (where one.is_member)
    from (
        select bool_or(h.workers > 0 and h.unit like 'e%' and d.unit is null) as works,
            bool_or(h.members > 0 and h.unit like 'u%') as is_member
        from held h
        left join dissolved d using (unit)
        group by h.person
    ) one;
end;

-- The units that ever had one of these codes, by the marks that stand or stood.
create function store.units_of_codes(codes text[])
    returns setof text
    language sql stable
begin atomic
    select 'e' || c from unnest(codes) c
    union
    select 'u' || c from unnest(codes) c
    union
    select m.unit from store.marks m
    where m.about = 'described' and m.branch = ''
        and (m.detail ->> 'tax_code' = any (codes) or m.detail ->> 'union_code' = any (codes));
end;
create index marks_tax_code on store.marks ((detail ->> 'tax_code')) where about = 'described' and branch = '';
create index marks_union_code on store.marks ((detail ->> 'union_code')) where about = 'described' and branch = '';

-- The area of every enterprise in a boundary set; null: unassigned. A code speaks in the scheme that was in force on the
-- day from which it was stated; a row without such a day of its own is dated back to the registration, so for it the scheme
-- of the day it came in is possible too. Only where all possible readings lead to one area is it the answer.
create function store.areas_then(boundaries text, valid_at date, known_at timestamptz, month date)
    returns table (unit text, area text, workers bigint, present bigint, members bigint, unions text[],
                   agreement boolean, party boolean, ownership text, eligible_agreement text, eligible_party text)
    language sql stable
begin atomic
    select u.unit, case when areas_then.boundaries = 'parks' then nullif(u.park, '') else r.area end,
        u.workers, u.present, u.members, u.unions, u.agreement, u.party, u.ownership, u.eligible_agreement,
        u.eligible_party
    from store.units_then(null, valid_at, known_at, month) u
    left join lateral (
        select case when count(*) = count(r.area) and count(distinct r.area) = 1 then min(r.area) end as area
        from store.area_readings r
        where r.boundaries = areas_then.boundaries and r.code = u.area_code
            and (u.area_since between coalesce(r.valid_from, '-infinity') and coalesce(r.valid_to, 'infinity')
                or greatest(u.area_since, (u.area_recorded_at at time zone 'Asia/Ho_Chi_Minh')::date)
                    between coalesce(r.valid_from, '-infinity') and coalesce(r.valid_to, 'infinity'))
    ) r on true
    where u.kind = 'enterprise' and u.dissolved_on is null;
end;

-- Figures of each area of a boundary set; area null: unassigned. ``watched``: those that must have a union (rule 12).
-- Of agreements and Party organisations: eligible enterprises, those of them that have one, and how many with a worker
-- have no eligibility stated (rule 16: then the denominator is unknown).
create function store.area_counts(boundaries text, valid_at date, known_at timestamptz)
    returns table (area text, name text, enterprises bigint, workers bigint, present bigint, members bigint,
                   watched bigint, with_union bigint,
                   agreement_eligible bigint, agreement_signed bigint, agreement_unknown bigint,
                   party_eligible bigint, party_founded bigint, party_unknown bigint)
    language sql stable
begin atomic
    with counted as (
        select u.area, count(*) as enterprises, sum(u.workers)::bigint as workers, sum(u.present)::bigint as present,
            sum(u.members)::bigint as members,
            count(*) filter (where u.workers >= 20 and u.ownership <> 'public_unit') as watched,
            count(*) filter (where u.workers >= 20 and u.ownership <> 'public_unit' and cardinality(u.unions) > 0)
                as with_union,
            count(*) filter (where u.eligible_agreement = 'yes') as agreement_eligible,
            count(*) filter (where u.eligible_agreement = 'yes' and u.agreement) as agreement_signed,
            count(*) filter (where u.eligible_agreement = '' and u.workers > 0) as agreement_unknown,
            count(*) filter (where u.eligible_party = 'yes') as party_eligible,
            count(*) filter (where u.eligible_party = 'yes' and u.party) as party_founded,
            count(*) filter (where u.eligible_party = '' and u.workers > 0) as party_unknown
        from store.areas_then(boundaries, valid_at, known_at, null) u
        group by u.area
    )
    select c.area, coalesce(a.name, ''), c.enterprises, c.workers, c.present, c.members, c.watched, c.with_union,
        c.agreement_eligible, c.agreement_signed, c.agreement_unknown, c.party_eligible, c.party_founded,
        c.party_unknown
    from counted c
    left join store.areas a on a.scheme = area_counts.boundaries and a.code = c.area;
end;
