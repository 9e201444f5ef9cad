"""The receipt beside a filed file: JSON for programs, HTML for people. Nothing of a person is in either."""

import json
from datetime import datetime
from html import escape
from typing import Any

import psycopg

from producers.dropfolder.claims import Claim
from producers.sql import query
from schemas.states import Receipt
from schemas.zone import ZONE

_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em;max-width:60em}}
td,th{{text-align:left;padding:.2em .8em;vertical-align:top}}
.bad{{color:#a00}}table{{border-collapse:collapse}}tr+tr{{border-top:1px solid #ccc}}</style></head><body>
<h1>{title}</h1><p>Biên nhận lúc / Receipt of {at}</p>
{body}
</body></html>
"""


def taken_before(connection: psycopg.Connection, receipts: list[Receipt]) -> list[dict[str, Any]]:
    """What was published for the same content earlier: after a crash, or of a second copy, that is what counts."""
    files = sorted({receipt.sha256 for receipt in receipts if receipt.sha256})
    own = {receipt.batch for receipt in receipts}
    rows = connection.execute(query("producers.dropfolder", "find_batches"), (files,)).fetchall()
    names = ("dossier", "file", "accepted", "unchanged", "refused", "at")
    return [
        {"batch": batch.hex, **dict(zip(names, said, strict=True))} for batch, *said in rows if batch.hex not in own
    ]


def as_json(claim: Claim, receipts: list[Receipt], before: list[dict[str, Any]], now: datetime) -> str:
    """``claim`` comes first: by it a name is known to be this file's."""
    said = {
        "claim": claim.id,
        "came_as": claim.came_as,
        "at": now.isoformat(timespec="seconds"),
        "receipts": [receipt.model_dump(mode="json") for receipt in receipts],
        "taken_before": before,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n"


def as_html(claim: Claim, receipts: list[Receipt], before: list[dict[str, Any]], now: datetime) -> str:
    """The same for reading."""
    body = "".join(_dossier(receipt) for receipt in receipts)
    if before:
        listed = "".join(
            f"<li>{_shown(one['at'])}: {escape(one['file'])}, {escape(one['dossier'])}:"
            f" nhận / accepted {one['accepted']:,}, từ chối / refused {one['refused']:,}</li>"
            for one in before
        )
        body += f"<h2>Nội dung này đã được nhận trước đó / Taken in before</h2><ul>{listed}</ul>"
    return _PAGE.format(title=escape(claim.came_as), at=_shown(now), body=body)


def _shown(at: datetime) -> str:
    """As the page shows it, with the offset: a receipt is read elsewhere, too."""
    return f"{at.astimezone(ZONE):%d/%m/%Y %H:%M} (UTC+7)"


def _dossier(receipt: Receipt) -> str:
    counts = (
        f"<p>Nhận / accepted: <b>{receipt.accepted:,}</b>. Không đổi / unchanged: <b>{receipt.unchanged:,}</b>."
        f" Từ chối / refused: <b>{receipt.refused_total:,}</b>.</p>"
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in receipt.notes)
    rows = "".join(
        f"<tr><td>{escape(one.line)}</td><td>{escape(one.field)}</td><td class=bad>{escape(one.message)}</td></tr>"
        for one in receipt.refused
    )
    table = f"<table><tr><th>Dòng<th>Cột<th>Lý do / Reason</tr>{rows}</table>" if rows else ""
    title = escape(receipt.dossier or receipt.file)
    return f"<h2>{title}</h2><p>{escape(receipt.file)}</p>{counts}{f'<ul>{notes}</ul>' if notes else ''}{table}"
