select about, day, key, branch, "on", detail
from store.marks
where unit = %(unit)s
group by about, day, key, branch, "on", detail
having sum(sign) > 0
order by day, about, key, branch
