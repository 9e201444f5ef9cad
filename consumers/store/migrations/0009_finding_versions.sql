-- What was said of a finding before something later was: with it, findings as they stood at any instant. A finding that
-- never changed, as nearly all of them, has no row here.
create table store.finding_versions (
    like store.findings,
    primary key (person, fact, what, "offset")
);

-- A fact as it was known at an instant: as store.latest_fact, of the statements recorded by then.
create function store.fact_then(of_person uuid, of_fact uuid, known_at timestamptz)
    returns setof store.facts
    language sql stable rows 1
begin atomic
    with recursive same (person) as (
        select of_person
        union
        select f.person
        from same s
        join store.facts f on f.change = 'identity_merged' and f.rest ->> 'winner' = replace(s.person::text, '-', '')
            and f.recorded_at <= known_at
    )
    select f.*
    from same s
    join store.facts f on f.person = s.person and f.fact = of_fact and f.recorded_at <= known_at
    order by f.source = 'merged', f.version desc
    limit 1;
end;
