select count(*), coalesce(sum(size), 0)::bigint from intake.posts where state <> 'published'
