select person, unit, workers, members from store.person_units
where person = any (%(persons)s::uuid[]) and (workers <> 0 or members <> 0)
