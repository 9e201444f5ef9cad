-- Month-ends as they were published: frozen once, when the clock of every partition has passed the month-end by 30 days,
-- as known at those ticks' places on the log. What is learned later changes the answer for that day, never these rows.

-- The city; a person counts once (rule 5). watched: those that must have a union (rule 12).
create table store.month_ends (
    month_end date primary key,
    published_on date not null,
    enterprises bigint not null,
    workers bigint not null,
    persons bigint not null,
    members bigint not null,
    watched bigint not null,
    with_union bigint not null
);

-- Each unit, under the name and codes of that day. Enterprises that had been dissolved by then are left out.
create table store.month_end_units (
    month_end date not null,
    unit text not null,
    kind text not null,
    tax_code text not null,
    union_code text not null,
    name text not null,
    workers int not null,
    present int not null,
    members int not null,
    unions text[] not null,
    ownership text not null,
    area_code text not null,
    area_since date,
    primary key (month_end, unit)
);

-- Both at once, for a month-end (month) whose places are known on all partitions.
create procedure store.freeze(month date)
    language sql
begin atomic
    insert into store.month_end_units
    select month, u.unit, u.kind, u.tax_code, u.union_code, u.name, u.workers, u.present, u.members, u.unions,
        u.ownership, u.area_code, u.area_since
    from store.units_then(null, month, 'infinity', month) u
    where u.dissolved_on is null;
    insert into store.month_ends
    select month, (select max(p.day) from store.month_end_places p where p.month_end = month),
        u.enterprises, u.workers, p.persons, p.members, u.watched, u.with_union
    from store.persons_then(month, 'infinity', month) p, (
        select count(*) filter (where f.kind = 'enterprise') as enterprises,
            coalesce(sum(f.workers) filter (where f.kind = 'enterprise'), 0) as workers,
            count(*) filter (where w.must) as watched,
            count(*) filter (where w.must and cardinality(f.unions) > 0) as with_union
        from store.month_end_units f,
            lateral (select f.kind = 'enterprise' and f.workers >= 20 and f.ownership <> 'public_unit' as must) w
        where f.month_end = month
    ) u;
end;
