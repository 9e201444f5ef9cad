select unit from store.unit_counts union select unit from store.unit_status
