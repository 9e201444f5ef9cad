select t.unit, coalesce(nullif(s.tax_code, ''), substr(t.unit, 2)) as tax_code, coalesce(s.name, '') as name,
    t.joined, t.departed, t.came_along, t.went_along
from store.turnover(%(first)s, %(last)s) t
left join store.unit_status s using (unit)
order by t.joined + t.departed desc, t.unit
