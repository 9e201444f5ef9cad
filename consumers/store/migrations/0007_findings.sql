-- What was declared of each person, line by line, so that a count or a finding is told with its dossier and line without
-- reading the log. One index by person serves explain, findings and verify; the lines of a dossier arrive together, so
-- the index by dossier stays small and near the end of what was written last.
create table store.facts (
    person uuid not null,
    fact uuid not null,
    version bigint not null,
    "offset" bigint not null,
    recorded_at timestamptz not null,
    partition int not null,
    day date not null,
    exact boolean not null,
    short boolean not null,
    change text not null,
    unit text not null,
    branch text not null,
    form text not null,
    code text not null,
    reason text not null,
    source text not null,
    dossier text not null,
    line text not null,
    rest jsonb,
    primary key (person, fact, version) include (partition)
);
comment on column store.facts.exact is 'the day itself was stated, not only its month';
comment on column store.facts.short is 'a contract on trial or under three months';
comment on column store.facts.rest is 'the whole statement where it speaks of two identities, else null';
create index facts_dossier on store.facts (dossier);
create index facts_winner on store.facts ((rest ->> 'winner')) where change = 'identity_merged';

-- What registers declared; units: the subject and every place that it reaches.
create table store.register_facts (
    fact uuid not null,
    version bigint not null,
    "offset" bigint not null,
    recorded_at timestamptz not null,
    partition int not null,
    day date not null,
    change text not null,
    subject text not null,
    units text[] not null,
    name text not null,
    source text not null,
    dossier text not null,
    line text not null,
    primary key (fact, version)
);
create index register_facts_units on store.register_facts using gin (units) with (fastupdate = off);

-- Work for a clerk. One row a finding: the last that was said of it; a person's records keep their order on the log.
create table store.findings (
    person uuid not null,
    fact uuid not null,
    what text not null,
    unit text not null,
    day date not null,
    open boolean not null,
    cause uuid not null,
    partition int not null,
    "offset" bigint not null,
    recorded_at timestamptz not null,
    primary key (person, fact, what)
);
create index findings_open on store.findings (unit) where open;

-- The latest version of a fact, for joining: that of the person who has it, or had it before two identities were merged.
create function store.latest_fact(of_person uuid, of_fact uuid)
    returns setof store.facts
    language sql stable rows 1
begin atomic
    with recursive same (person) as (
        select of_person
        union
        select f.person
        from same s
        join store.facts f on f.change = 'identity_merged' and f.rest ->> 'winner' = replace(s.person::text, '-', '')
    )
    select f.*
    from same s
    join store.facts f on f.person = s.person and f.fact = of_fact
    order by f.source = 'merged', f.version desc
    limit 1;
end;

-- What the rolling check has compared: the last look at each slice. Not part of what follows from the log.
create table store.checks (
    kind text not null,
    partition int not null,
    part int not null,
    parts int not null,
    checked_at timestamptz not null,
    compared bigint not null,
    passed_over bigint not null,
    seconds real not null,
    differences jsonb not null,
    primary key (kind, partition, part)
);
create table store.check_rounds (
    round bigint generated always as identity primary key,
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    slices int not null default 0,
    differences int not null default 0
);
