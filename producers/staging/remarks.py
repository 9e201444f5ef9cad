"""Remarks on receipts that need the database: units that no register names yet, refused rows settled since."""

from collections.abc import Collection, Iterable

import psycopg

from producers.sql import query
from producers.staging.filing import Filing

SHOWN = 5
LINES = 20
_SAID = {
    "e": ("doanh nghiệp chưa có trong sổ đăng ký", "enterprises are not in the register yet"),
    "u": ("công đoàn chưa có trong sổ đăng ký", "unions are not in the register yet"),
}
_NEXT = ("vẫn được tính; nạp sổ đăng ký để có tên và địa bàn", "they count all the same; take the register in")


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
            more = f" (+{len(codes) - SHOWN:,})" if len(codes) > SHOWN else ""
            listed = ", ".join(codes[:SHOWN]) + more
            yield f"{len(codes):,} {vi}: {listed}; {_NEXT[0]}. / {len(codes):,} {en}: {listed}; {_NEXT[1]}."


def remark_lines(filings: Iterable[Filing]) -> None:
    """Notes on lines that a restated dossier leaves out, and on those of a repeated file that were corrected since."""
    for filing in filings:
        if filing.withdrawn:
            count, lines = _named(filing.withdrawn)
            filing.remark(
                [
                    f"{count} dòng không được khai lại nên đã bị hủy: {lines}"
                    f" / {count} {'line' if count == '1' else 'lines'} not restated"
                    f" {'was' if count == '1' else 'were'} withdrawn: {lines}"
                ]
            )
        if filing.kept:
            count, lines = _named(filing.kept)
            filing.remark(
                [
                    f"{count} dòng đã được đính chính sau lần gửi trước của tệp này, giữ bản mới hơn: {lines}"
                    f" / {count} {'line' if count == '1' else 'lines'} corrected since this file was first sent,"
                    f" the newer version stands: {lines}"
                ]
            )


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
