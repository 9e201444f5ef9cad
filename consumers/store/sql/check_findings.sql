select person, fact, what from store.findings where person = any (%(persons)s::uuid[]) and open
