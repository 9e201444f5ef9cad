select * from store.area_counts(%(boundaries)s, %(valid_at)s, %(known_at)s)
order by area is null, workers desc, area
