-- Mergers and splits (meaning, rule 14): who succeeded whom, what alerts went along, and which moves are no turnover.

alter table store.alerts add column successors text[] not null default '{}';
alter table store.alerts add column inherited jsonb not null default '[]';

-- A predecessor handed an alert on to a successor (unit), or took it back.
create table store.inheritances (
    partition int not null,
    "offset" bigint not null,
    unit text not null,
    sign smallint not null,
    alert uuid not null,
    sender text not null,
    left_on date not null,
    recorded_at timestamptz not null,
    primary key (partition, "offset")
);
create index inheritances_unit on store.inheritances (unit);

create index marks_edges on store.marks (unit, key) where about = 'edge';

create view store.edges as
select m.unit as predecessor, m.key as successor, m.day
from store.marks m
where m.about = 'edge' and m.detail ->> 'direction' = 'to'
group by m.unit, m.key, m.day
having sum(m.sign) > 0;

-- Movements; along_edge: from a predecessor to its successor within 62 days (two months, as rule 6 allows between a leave
-- and a start) of the edge's day. People stayed where they were, the enterprise has another name: that is no turnover.
create view store.moves as
select m.*, m.what = 'transferred' and exists (
        select from store.marks e
        where e.about = 'edge' and e.unit = m.from_unit and e.key = m.to_unit and e.detail ->> 'direction' = 'to'
            and e.day between least(m.left_on, m.started_on) - 62 and greatest(m.left_on, m.started_on) + 62
        group by e.day
        having sum(e.sign) > 0
    ) as along_edge
from store.movements m;

-- Who came to and left each enterprise from a day to a day, both included; what ran along an edge stands apart.
create function store.turnover(first date, last date)
    returns table (unit text, joined bigint, departed bigint, came_along bigint, went_along bigint)
    language sql stable
begin atomic
    with ends as (
        select m.to_unit as unit, 1 as came, 0 as went, m.along_edge
        from store.moves m
        where m.what in ('joined', 'transferred') and m.to_unit like 'e%' and m.started_on between first and last
        union all
        select m.from_unit, 0, 1, m.along_edge
        from store.moves m
        where m.what in ('departed', 'transferred') and m.from_unit like 'e%' and m.left_on between first and last
    )
    select e.unit, coalesce(sum(e.came) filter (where not e.along_edge), 0),
        coalesce(sum(e.went) filter (where not e.along_edge), 0),
        coalesce(sum(e.came) filter (where e.along_edge), 0), coalesce(sum(e.went) filter (where e.along_edge), 0)
    from ends e
    group by e.unit;
end;
