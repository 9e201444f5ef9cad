select enterprises, workers, persons, members from store.totals
