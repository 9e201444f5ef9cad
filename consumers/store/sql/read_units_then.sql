select u.unit, u.tax_code, u.union_code, u.name, u.workers, u.present, u.members, u.unions, u.partial_cover, u.baseline,
    s.version, u.dissolved_on, u.unclosed, u.area_code
from store.units_then(
    case when cardinality(%(codes)s::text[]) > 0 then array(select store.units_of_codes(%(codes)s::text[])) end,
    %(valid_at)s, %(known_at)s, null) u
left join store.unit_status s using (unit)
where u.kind = %(kind)s
    and (cardinality(%(codes)s::text[]) = 0 or u.tax_code = any (%(codes)s) or u.union_code = any (%(codes)s))
order by u.workers desc, u.members desc, u.tax_code, u.union_code
