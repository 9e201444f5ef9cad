select a.scheme as boundaries, a.code, a.level, a.name, a.unit_type, a.parent, a.province, a.valid_from, a.valid_to
from store.areas a
where (%(at)s::date is null or %(at)s between coalesce(a.valid_from, '-infinity') and coalesce(a.valid_to, 'infinity'))
    and (%(scheme)s::text is null or a.scheme = %(scheme)s)
order by a.scheme, a.level, a.code
