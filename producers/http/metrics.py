"""Every metric of the HTTP intake. No key, unit or person is a label."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("mobility_http_requests_total", "Requests answered", ["route", "status"])
SECONDS = Histogram(
    "mobility_http_request_seconds",
    "Time from a request to its answer, its body included",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)
ACCEPTED = Counter("mobility_http_accepted_total", "Posts stored and answered with a receipt", ["format"])
ACCEPTED_ROWS = Counter("mobility_http_accepted_rows_total", "Rows of posts of rows that were stored")
REPEATED = Counter("mobility_http_repeated_total", "Posts that an idempotency key had brought before")
PROBLEMS = Counter("mobility_http_problems_total", "Requests refused, by the code of the problem", ["code"])

QUEUED = Gauge("mobility_http_queued_posts", "Posts that wait for their turn")
HELD = Gauge(
    "mobility_http_held_posts", "Posts that failed by themselves and are tried again later: mobility posts list"
)
QUEUED_BYTES = Gauge("mobility_http_queued_bytes", "Bytes of the posts that wait or are held")
OLDEST = Gauge("mobility_http_oldest_post_seconds", "Age of the oldest post that is not published")
PUBLISHED = Counter("mobility_http_published_total", "Posts whose rows are on the log or refused")
ROWS = Counter("mobility_http_rows_total", "Rows of published posts", ["became"])
SWEPT = Counter("mobility_http_swept_total", "Receipts of posts that went after the time they are kept for")
AWAY = Gauge("mobility_http_away", "1 while Kafka or PostgreSQL keeps posts from being published")
