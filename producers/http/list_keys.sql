select k.id, k.name, k.hash, k.feeds, k.everywhere, k.areas, k.enterprises, k.unions, k.per_minute, k.created_at,
    k.created_by, k.expires_at, k.revoked_at, k.revoked_by
from intake.api_keys k
order by k.created_at, k.id
