select
    (select max(ended_at) from store.check_rounds) as ended_at,
    (select coalesce(sum(jsonb_array_length(differences)), 0)::int from store.checks) as differences
