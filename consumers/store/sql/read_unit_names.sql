select unit, kind, tax_code, union_code, name from store.unit_status where unit = any (%(units)s)
