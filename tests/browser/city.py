"""A small city with one of everything that a page shows."""

from datetime import date, timedelta

from schemas.changes import Mark
from schemas.ids import enterprise_id
from schemas.states import AlertStep, Refused
from tests.browser.log import Log

DAY = "2026-11-05"
HOSTILE = "<script>alert(1)</script>"
SEWING, FOOD, SNOOZED, COVERED, ENDED = "0200100001", "0200100002", "0200100003", "0200100004", "0200100005"


def tell(log: Log) -> None:
    """Say all of it in one batch."""
    log.clock(DAY).union("CD01", "Công đoàn cơ sở Cảng Đình Vũ")
    log.enterprise(SEWING, "Công ty TNHH May Đông Hải", 120, baseline="complete", ownership="private")
    log.alert(SEWING, "Công ty TNHH May Đông Hải", 118, confirmed_on="2026-09-30")
    log.enterprise(FOOD, HOSTILE, 45, present=40)
    log.alert(FOOD, HOSTILE, 45, opened_on="2026-10-20")
    log.enterprise(SNOOZED, "Nhà máy Cơ khí Kiến An", 33)
    steps = [
        AlertStep(on="2026-08-01", state="open", workers=30),
        AlertStep(on="2026-08-03", state="snoozed", workers=31, by="officer"),
    ]
    log.alert(
        SNOOZED,
        "Nhà máy Cơ khí Kiến An",
        31,
        version=2,
        opened_on="2026-08-01",
        state="snoozed",
        snoozed_until="2026-11-20",
        by="officer",
        history=steps,
    )
    log.enterprise(COVERED, "Cảng Đình Vũ", 1234, members=1100, unions=["CD01"], baseline="complete")
    log.enterprise(ENDED, "Gốm sứ Thanh Hà", 0, dissolved_on="2026-10-01", unclosed=3, successors=[_id(SEWING)])
    _spells(log)
    log.mark(SEWING, Mark(sign=1, about="described", day="2026-07-01", detail={"name": "Công ty TNHH May Đông Hải"}))
    log.mark(COVERED, Mark(sign=1, about="cover", day="2025-01-01", key="CD01"))
    log.mark(ENDED, Mark(sign=1, about="edge", day="2026-10-01", key=_id(SEWING), detail={"direction": "to"}))
    refused = [
        Refused(line=str(n), field="movement_code", reason="unknown-movement-code", message=f"row {n}: <b>GX</b> / GX")
        for n in range(1, 14)
    ]
    log.receipt("600/11-2026", batch="1" * 32, accepted=96, refused=refused)
    log.receipt("601/11-2026", batch="2" * 32, accepted=12, refused=[])
    log.commit()


def _id(tax_code: str) -> str:
    return enterprise_id(tax_code)


def _spells(log: Log) -> None:
    first = date(2026, 1, 5)
    for number in range(60):
        log.works(SEWING, f"worker {number}", (first + timedelta(days=number * 5)).isoformat())
    for number in range(8):
        log.works(SEWING, f"worker {number}", f"2026-06-{number + 10}", -1)
    log.works(SEWING, "worker 99", "2026-12-01")
