"""The demo compares its city on the day that the generator speaks of, wherever the clock has got to since."""

from mobility.commands.demo import differing, stands_on

EXPECTED = {
    "totals": {"enterprises": 3, "workers": 60, "persons": 59, "members": 4},
    "open_alerts": ["0200000001", "0200000002"],
}


def alert(*steps: tuple[str, str]) -> dict[str, object]:
    return {"history": [{"on": day, "state": state} for day, state in steps], "state": steps[-1][1]}


def test_an_alert_is_told_as_it_stood_that_day() -> None:
    later = alert(("2026-10-01", "open"), ("2026-10-31", "confirmed"), ("2026-11-20", "resolved"))
    assert stands_on(later, "2026-11-04")
    assert not stands_on(later, "2026-11-20")
    assert not stands_on(later, "2026-09-30")
    assert stands_on(alert(("2026-10-01", "open"), ("2026-10-02", "snoozed")), "2026-11-04")


def test_differences_are_sentences() -> None:
    assert differing(EXPECTED["totals"], {"0200000001", "0200000002"}, EXPECTED) == []
    totals = {"enterprises": 3, "workers": 1058, "persons": 59, "members": 4}
    assert differing(totals, {"0200000002", "0200000003"}, EXPECTED) == [
        "workers: 1,058, expected 60",
        "0200000003 has an open alert, expected none",
        "0200000001 has no open alert, expected one",
    ]
