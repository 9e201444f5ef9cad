"""Every metric of the rolling check."""

from prometheus_client import Counter, Gauge

DIFFERENCES = Gauge("mobility_verify_differences", "Differences that the last looks found, confirmed", ["kind"])
LAST_ROUND = Gauge("mobility_verify_last_round_timestamp_seconds", "When the last full round ended, Unix time")
ROUND_SECONDS = Gauge("mobility_verify_round_seconds", "How long the last full round took")
OLDEST = Gauge("mobility_verify_oldest_look_timestamp_seconds", "When the slice was looked at that waits longest")
SLICES = Counter("mobility_verify_slices_total", "Slices looked at", ["kind"])
COMPARED = Counter("mobility_verify_compared_total", "Keys compared", ["kind"])
PASSED_OVER = Counter("mobility_verify_passed_over_total", "Keys passed over because they were moving", ["kind"])
POSTPONED = Counter("mobility_verify_postponed_total", "Looks put off: too much lay between positions", ["kind"])
WORK_SECONDS = Counter("mobility_verify_work_seconds_total", "Seconds at work; the rest is rest")
FAILED = Counter("mobility_verify_failed_total", "Looks that a service away, or anything else, broke off", ["reason"])
