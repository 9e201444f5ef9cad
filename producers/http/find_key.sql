select id, name, hash, feeds, everywhere, areas, enterprises, unions, per_minute, created_at, created_by, expires_at,
    revoked_at, revoked_by, last_used_at, posts, accepted_rows, refused_rows
from intake.api_keys
where id = %(id)s
