-- Who was taken for one of several, or has been one, and is none now: so the table does not depend on batch borders.
delete from store.persons_in_several s
where s.person in (select d.person from store_due d)
    and (
        select count(*) filter (where p.workers > 0) <= 1
            and count(*) filter (where p.members > 0 and p.unit like 'u%') <= 1
        from store.person_units p
        where p.person = s.person
    )
