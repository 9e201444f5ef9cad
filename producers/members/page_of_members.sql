select p.id, p.wrapped_key, p.record,
       coalesce(array_agg(a.kind order by a.hash) filter (where a.person is not null), '{}'),
       coalesce(array_agg(a.number order by a.hash) filter (where a.person is not null), '{}')
from (
    select id, wrapped_key, record from vault.persons where id > %s::uuid and merged_into is null order by id limit %s
) p
left join vault.aliases a on a.person = p.id
group by p.id, p.wrapped_key, p.record
order by p.id
