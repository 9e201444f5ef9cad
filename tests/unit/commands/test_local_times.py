"""What people read is in the time of Việt Nam and says so."""

from datetime import UTC, datetime
from pathlib import Path

from mobility.instants import local
from producers.dropfolder.claims import Claim
from producers.dropfolder.receipts import as_html

EVENING = datetime(2026, 11, 23, 19, 44, 30, tzinfo=UTC)


def test_an_evening_in_utc_is_the_next_day_in_viet_nam() -> None:
    assert local(EVENING) == "2026-11-24 02:44 +07:00"


def test_a_receipt_is_of_the_hour_in_viet_nam_and_says_so() -> None:
    before = [{"at": EVENING, "file": "a.csv", "dossier": "HS-1", "accepted": 1, "refused": 0}]
    page = as_html(Claim(Path("x"), "a.csv", "a.csv", "2026-11-24"), [], before, EVENING)
    assert page.count("24/11/2026 02:44 (UTC+7)") == 2
