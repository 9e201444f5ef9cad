-- The stored word on a finding, where a later one comes; "limit 1" sees to it that each is looked up by the index.
insert into store.finding_versions
select before.*
from stage_findings s
cross join lateral (
    select f.* from store.findings f
    where f.person = s.person and f.fact = s.fact and f.what = s.what and f."offset" < s."offset"
    limit 1
) before
on conflict do nothing
