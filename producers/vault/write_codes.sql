insert into vault.codes (fact, person, code)
select * from unnest(%s::uuid[], %s::uuid[], %s::bytea[])
on conflict (fact) do update set person = excluded.person, code = excluded.code
