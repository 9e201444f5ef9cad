"""A receipt as its sender reads it."""

import re
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

PLACE = re.compile(r"(?:, (.*?\d))?: ")
ITEM = re.compile(r", item (\d+): ")
MIDDLE = " / "
OPTION = re.compile(r"--(unit|dossier|replaces)\b ?")


class RefusedRow(BaseModel):
    """Một dòng (hoặc cả tệp, khi line rỗng) không được nhận / A row that was refused; the file, when line is empty."""

    line: str = Field(description="số dòng đã khai, hoặc thứ tự trong lô / as stated, else its place in the batch")
    item: int | None = Field(
        default=None,
        description="vị trí trong rows của lô, từ 1; gửi một dòng thì không có / its place in the rows of the batch,"
        " from 1; none when one row was posted",
    )
    field: str
    reason: str = Field(description="mã lý do, không đổi / a code that stays")
    vi: str
    en: str


class Dossier(BaseModel):
    """Một hồ sơ trong nội dung đã gửi / One dossier of what was posted."""

    dossier: str = Field(description="số hồ sơ; sổ đăng ký: SHA-256 của tệp, dùng trong cites / used in cites")
    file: str
    feed: str
    accepted: int
    unchanged: int
    refused_total: int
    refused: list[RefusedRow] = Field(description="tối đa 1.000 dòng / the first 1,000")
    ignored_columns: list[str] = Field(default_factory=list)
    notes: list[str] = Field(
        default_factory=list, description="ghi chú, không từ chối gì / remarks that refuse nothing"
    )
    fixed: list[str] = Field(
        default_factory=list,
        description="dòng bị từ chối ở đây, về sau được sửa và nhận / lines refused here, corrected and taken in since",
    )


class PostReceipt(BaseModel):
    """Biên nhận: đã nhận và lưu chắc chắn; rồi kết quả từng dòng / Stored for sure; then what became of every row."""

    receipt: UUID
    state: Literal["queued", "published", "held"] = Field(
        description="queued: đang chờ; published: đã xong; held: gặp lỗi, hệ thống tự thử lại, không cần gửi lại / "
        "waits; done; failed by itself and is tried again, no need to send it again"
    )
    received_at: datetime
    published_at: datetime | None = None
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    dossiers: list[Dossier] = Field(default_factory=list)


class Taken(BaseModel):
    """Đã lưu chắc chắn; theo dõi ở Location / It is stored for sure; follow it at Location."""

    receipt: UUID
    state: Literal["queued", "published", "held"]
    location: str


def receipt_of(row: tuple[Any, ...], fixed: dict[str, list[str]]) -> PostReceipt:
    """From a row of ``find_post.sql``, and of ``find_fixed.sql``: batch → the lines of it that were corrected since."""
    post, state, form, received_at, published_at, said = row
    dossiers = [_dossier(one, fixed.get(one["batch"], []), rows=form == "rows") for one in said or []]
    return PostReceipt(
        receipt=post,
        state=state,
        received_at=received_at,
        published_at=published_at,
        accepted=sum(one.accepted for one in dossiers),
        unchanged=sum(one.unchanged for one in dossiers),
        refused=sum(one.refused_total for one in dossiers),
        dossiers=dossiers,
    )


def _dossier(said: dict[str, Any], fixed: list[str], *, rows: bool) -> Dossier:
    refused = [
        RefusedRow(
            line=one["line"],
            item=_item(one["message"].removeprefix(said["file"])) if rows else None,
            field=one["field"],
            reason=one["reason"],
            **{
                language: _for_http(sentence, rows=rows)
                for language, sentence in zip(
                    ("vi", "en"), sentences(one["message"], said["file"], placed=not rows), strict=True
                )
            },
        )
        for one in said["refused"]
    ]
    notes = [_for_http(note, rows=rows) for note in said.get("notes", [])]
    kept = {name: said[name] for name in ("dossier", "file", "feed", "accepted", "unchanged", "refused_total")}
    return Dossier(**kept, refused=refused, ignored_columns=said["ignored_columns"], notes=notes, fixed=fixed)


def _item(rest: str) -> int | None:
    found = ITEM.match(rest)
    return int(found[1]) if found else None


def _for_http(sentence: str, *, rows: bool) -> str:
    """Sentences name options of ``mobility ingest``; here they are fields of a batch, or headers of a file."""
    if rows:
        return OPTION.sub(lambda option: f'"{option[1]}" (/batch): ', sentence)
    return OPTION.sub(lambda option: f"Mobility-{option[1].capitalize()}: ", sentence)


def sentences(message: str, file: str, *, placed: bool) -> tuple[str, str]:
    """Vietnamese and English out of ``FILE, PLACE: Vietnamese / English``; ``placed``: keep the place before each.

    The two have the same facts in them, so the bar in the middle parts them; where there is none in the middle, each
    gets the whole.
    """
    rest = message.removeprefix(file)
    head = PLACE.match(rest) if rest != message else None
    place = f"{head[1]}: " if placed and head and head[1] else ""
    rest = rest[head.end() :] if head else rest
    pieces = rest.split(MIDDLE)
    if len(pieces) % 2:
        return place + rest, place + rest
    half = len(pieces) // 2
    return place + MIDDLE.join(pieces[:half]), place + MIDDLE.join(pieces[half:])
