-- Whom a complete roster lists that a later file of the same day does not, by the file that listed them.
select r.unit, r.branch, r.as_of::text, f.dossier, count(*)::int
from unnest(%(units)s::text[], %(branches)s::text[], %(days)s::date[]) as r (unit, branch, as_of)
join intake.facts f
  on f.unit = r.unit and f.branch = r.branch and f.day = r.as_of and f.live and f.change = 'listed'
where not exists (select from pg_temp.restated s where s.fact = f.fact)
group by r.unit, r.branch, r.as_of, f.dossier
order by r.unit, r.branch, r.as_of, count(*) desc, f.dossier
