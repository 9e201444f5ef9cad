-- What registers said of a unit, the latest known version of each row that is not withdrawn.
select * from (
    select distinct on (r.fact) r.fact, r.version, r.change, r.day, r.subject, r.name, r.source, r.dossier, r.line
    from store.register_facts r
    where r.fact in (select o.fact from store.register_facts o where o.units @> array[%(unit)s::text])
        and r.recorded_at <= %(known_at)s
    order by r.fact, r.version desc
) latest
where change <> 'cancelled' and day <= %(valid_at)s
order by day, subject, line
