update intake.api_keys
set last_used_at = greatest(last_used_at, %(now)s)
where id = %(id)s
