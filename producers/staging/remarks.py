"""Remarks on receipts that need the database: units that no register names yet, refused rows settled since."""

from collections.abc import Collection, Iterable, Sequence

import psycopg

from producers.sql import query
from producers.staging.filing import Filing
from producers.units.tax_code import Place

SHOWN = 5
LINES = 20
_SAID = {
    "e": ("doanh nghiệp chưa có trong sổ đăng ký", "enterprises not in the register yet"),
    "u": ("công đoàn chưa có trong sổ đăng ký", "unions not in the register yet"),
}
_NEXT = ("vẫn được tính; nạp sổ đăng ký để có tên và địa bàn", "counted all the same; take the register in")

TWO_UNITS = (
    "mã đơn vị của hồ sơ thuộc doanh nghiệp khác với mã số thuế, đã tính theo mã số thuế"
    " / the dossier's unit code belongs to another enterprise than its tax code; it counts by the tax code"
)
OPTION_UNUSED = (
    "không dùng số của --dossier: tệp có số hồ sơ của mình (ghi trong tệp, hoặc thủ tục, kỳ và ngày của phong bì), số"
    " đó được ưu tiên / --dossier was not used: the file has a dossier number of its own (stated, or procedure, period"
    " and date of its envelope), which comes first"
)

# What is said of lines: in Vietnamese, in English of one, in English of several.
_WITHDRAWN = (
    "{count} dòng không được khai lại nên đã bị hủy: {lines}",
    "1 line not restated was withdrawn: {lines}",
    "{count} lines not restated were withdrawn: {lines}",
)
_OTHER_PERSONS = (
    "dòng {lines}: người khác so với trước; việc khai cho người trước đã bị hủy",
    "line {lines}: another person than before; the first one was withdrawn",
    "lines {lines}: another person than before; the first one was withdrawn",
)
_TWO_UNITS_OF_ROWS = (
    "{count} dòng có mã đơn vị của doanh nghiệp khác với mã số thuế, đã tính theo mã số thuế: {lines}",
    "1 line with the unit code of another enterprise than the tax code, counted by the tax code: {lines}",
    "{count} lines with the unit code of another enterprise than the tax code, counted by the tax code: {lines}",
)
_KEPT = (
    "{count} dòng đã được đính chính sau lần gửi trước của tệp này, giữ bản mới hơn: {lines}",
    "1 line corrected since this file was first sent, the newer version stands: {lines}",
    "{count} lines corrected since this file was first sent, the newer version stands: {lines}",
)


def remark_unknown(connection: psycopg.Connection, filings: Collection[Filing]) -> None:
    """A note for each filing whose accepted rows speak of units that no live register row states.

    Part of the caller's transaction, after the facts of the file are in the index.
    """
    subjects = sorted(set[str]().union(*(filing.spoken_of for filing in filings)))
    if not subjects:
        return
    rows = connection.execute(query("producers.staging", "find_stated"), {"subjects": subjects}).fetchall()
    known = {row[0] for row in rows}
    for filing in filings:
        filing.remark(_notes(filing.spoken_of - known))


def _notes(unknown: set[str]) -> Iterable[str]:
    for kind, (vi, en) in _SAID.items():
        codes = sorted(subject[1:] for subject in unknown if subject.startswith(kind))
        if codes:
            listed = _first(codes)
            yield f"{vi} ({len(codes):,}): {listed}; {_NEXT[0]}. / {en} ({len(codes):,}): {listed}; {_NEXT[1]}."


def _first(codes: list[str]) -> str:
    return ", ".join(codes[:SHOWN]) + (f" (+{len(codes) - SHOWN:,})" if len(codes) > SHOWN else "")


def doubted_rosters(places: Iterable[Place]) -> Iterable[str]:
    """A note on complete rosters that are not believed, because a refused row may be somebody of theirs."""
    codes = sorted({place.branch or place.unit[1:] for place in places})
    if codes:
        listed = _first(codes)
        yield (
            "danh sách đầy đủ có dòng bị từ chối nên tạm tính là chưa đầy đủ, chưa ai bị loại ra, cho đến khi dòng cuối"
            f" cùng được nhận: {listed} / complete roster with refused rows: it counts as incomplete and closes nobody"
            f" until the last of them has come in: {listed}"
        )


def rosters_of_several_days(rosters: Iterable[tuple[Place, Sequence[str]]], sha256: str) -> Iterable[str]:
    """A note on units of which one file has complete rosters of several days: a mistyped day is a roster of its own."""
    named = sorted(f"{place.branch or place.unit[1:]} ({_first(list(days))})" for place, days in rosters)
    if named:
        listed = _first(named)
        yield (
            f"đơn vị có danh sách đầy đủ của nhiều ngày trong tệp này: {listed}; danh sách sau loại ra mọi người không"
            " có trong đó. Nếu gõ nhầm ngày, hãy sửa as_of rồi gửi lại cả tệp với"
            f" --replaces {sha256} / units with complete rosters of several days in this file: {listed}; a later"
            " one closes everybody who is not on it. If a day is mistyped, correct as_of and send the whole file with"
            f" --replaces {sha256}"
        )


def remark_lines(filings: Iterable[Filing]) -> None:
    """Notes on lines that a person should look at, by what became of them."""
    for filing in filings:
        for found, vi, one, several in (
            (filing.withdrawn, *_WITHDRAWN),
            (filing.other_persons, *_OTHER_PERSONS),
            (filing.two_units, *_TWO_UNITS_OF_ROWS),
            (filing.kept, *_KEPT),
        ):
            if found:
                count, lines = _named(found)
                said = {"count": count, "lines": lines}
                filing.remark([f"{vi.format(**said)} / {(one if count == '1' else several).format(**said)}"])


def _named(lines: Iterable[str]) -> tuple[str, str]:
    """How many lines, and the first of them by name; numbered ones in the order of their numbers."""
    each = sorted(set(lines), key=lambda line: (0, int(line), line) if line.isdecimal() else (1, 0, line))
    return f"{len(each):,}", ", ".join(each[:LINES]) + (f" (+{len(each) - LINES:,})" if len(each) > LINES else "")


def remark_settled(connection: psycopg.Connection, filings: Collection[Filing]) -> None:
    """A note for each filing of a file sent again some of whose refused rows were settled in quarantine since."""
    for filing in filings:
        if filing.repeat and filing.refused_total:
            asked = {"sha256": filing.sha256, "dossier": filing.dossier}
            rows = connection.execute(query("producers.staging", "count_settled"), asked).fetchall()
            fixed, discarded = rows[0] if rows else (0, 0)
            if fixed or discarded:
                filing.remark(
                    [
                        f"trong các dòng bị từ chối của tệp này, {fixed} đã được sửa và nhận, {discarded} đã bỏ"
                        f" / of this file's refused rows, {fixed} were corrected and taken in since,"
                        f" {discarded} discarded"
                    ]
                )
