select k.id, k.name, k.hash, k.feeds, k.everywhere, k.areas, k.enterprises, k.unions, k.per_minute, k.created_at,
    k.created_by, k.expires_at, k.revoked_at, k.revoked_by, k.last_used_at, k.posts, k.accepted_rows, k.refused_rows
from intake.api_keys k
order by k.created_at, k.id
