update intake.api_keys
set revoked_at = coalesce(revoked_at, %(now)s), revoked_by = case when revoked_at is null then %(by)s else revoked_by end
where id = %(id)s
returning id
