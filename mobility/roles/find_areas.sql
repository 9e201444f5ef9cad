select unit, area_code from store.unit_status where unit = any(%(units)s)
