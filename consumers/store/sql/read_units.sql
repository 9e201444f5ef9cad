select unit, tax_code, union_code, name, workers, present, members, unions, partial_cover, baseline, version,
    dissolved_on, unclosed, area_code
from store.unit_status
where kind = %(kind)s
    and (cardinality(%(codes)s::text[]) = 0 or tax_code = any (%(codes)s) or union_code = any (%(codes)s))
order by workers desc, members desc, tax_code, union_code
