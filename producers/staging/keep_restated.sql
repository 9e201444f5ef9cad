insert into pg_temp.restated (fact, line)
select * from unnest(%s::uuid[], %s::text[])
