-- Some persons with their numbers. A look into the index of aliases for each: joined as a whole, each page might read
-- all aliases of the vault.
select p.id, p.wrapped_key, p.record, a.kinds, a.numbers
from vault.persons p
cross join lateral (
    select array_agg(b.kind order by b.hash) as kinds, array_agg(b.number order by b.hash) as numbers
    from vault.aliases b
    where b.person = p.id and b.number is not null
) a
where p.id = any (%s::uuid[]) and p.merged_into is null and p.record is not null
