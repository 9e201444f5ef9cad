"""The copy of the member record for its person: one HTML page in Vietnamese, and the same as JSON inside and beside it.

No script, no outside address: it opens anywhere and stays as it is.
"""

import json
from datetime import datetime
from html import escape
from typing import Any

from producers.members.fields import LABELS
from producers.members.viewing import View, as_json
from schemas.zone import ZONE

CHANGES = {
    "admitted": "Kết nạp",
    "member_transferred": "Chuyển đến",
    "member_left": "Ra khỏi công đoàn",
    "suspended": "Tạm dừng sinh hoạt",
    "reinstated": "Sinh hoạt trở lại",
    "died": "Qua đời",
}
KINDS = {"personal": "Số định danh", "insurance": "Mã số BHXH", "id9": "Chứng minh nhân dân 9 số"}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1c1917}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #d6d3d1}"
    "th{font-weight:600;width:16rem}p.note{color:#57534e}"
)


def as_document(seen: View, *, now: datetime) -> dict[str, Any]:
    """The JSON of the copy: everything that is kept of the person, and what was said of them where."""
    return {"exported_at": now.isoformat(), **as_json(seen)}


def as_html(seen: View, *, now: datetime) -> str:
    """The page."""
    said = as_json(seen)
    parts = [
        "<!doctype html>",
        '<html lang="vi"><head><meta charset="utf-8"><title>Hồ sơ đoàn viên</title>',
        f"<style>{STYLE}</style></head><body><h1>Hồ sơ đoàn viên <small>(member record)</small></h1>",
        '<p class="note">Bản sao cho đương sự, lập lúc '
        f"{now.astimezone(ZONE).strftime('%d/%m/%Y %H:%M')} (giờ Việt Nam, UTC+7). "
        f"Mã trong hệ thống: {escape(said['id'])}</p>",
        _table([(LABELS[name][0], value) for name, value in said["record"].items()]),
        _section(
            "Các số dẫn đến hồ sơ này",
            [(KINDS[one["kind"]], f"{one['number']} (từ {one['since']})") for one in said["numbers"]],
        ),
        _section(
            "Chức vụ công đoàn",
            [
                (f"{p['since'] or '(không rõ ngày)'} – {p['until'] or 'nay'}", f"{p['position']}, {p['union']}")
                for p in said["positions"]
            ],
        ),
        _section(
            "Quá trình tham gia công đoàn",
            [(m["day"], f"{CHANGES.get(m['change'], m['change'])}: {m['unit'][1:]}") for m in said["memberships"]],
        ),
        _section("Những lần sửa hồ sơ", [_change(one) for one in said["history"]]),
        f'<script type="application/json" id="record">{_inside(as_document(seen, now=now))}</script>',
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _change(one: dict[str, Any]) -> tuple[str, str]:
    changes = (
        f"{LABELS[name][0] if name in LABELS else name}: {before or '(trống)'} → {after or '(trống)'}"
        for name, (before, after) in one["changed"].items()
    )
    return f"{one['at'].astimezone(ZONE).strftime('%d/%m/%Y')}, {one['by']}", "; ".join(changes)


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    return f"<h2>{escape(title)}</h2>\n{_table(rows)}" if rows else ""


def _table(rows: list[tuple[str, str]]) -> str:
    lines = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _inside(document: dict[str, Any]) -> str:
    """JSON that can't end the element it stands in."""
    return json.dumps(document, ensure_ascii=False, default=str).replace("<", "\\u003c")
