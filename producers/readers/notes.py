"""Every remark that a reader makes on a file that it took: Vietnamese first, English second. Receipts show them."""

NOTES: dict[str, tuple[str, str]] = {
    "windows-1258": (
        "đọc theo bảng mã windows-1258; kiểm tra dấu tiếng Việt trong họ tên, lần sau nên lưu CSV UTF-8",
        "read as windows-1258; check the accents of the names, and save as CSV UTF-8 next time",
    ),
    "utf-16": ("đọc theo bảng mã UTF-16", "read as UTF-16"),
    "sheet-unread": ('trang tính "{what}" không được đọc', 'sheet "{what}" was not read'),
    "hidden-rows": ("các dòng ẩn cũng được đọc", "hidden rows were read as well"),
    "passed-over": ("bỏ qua vì không phải dòng của danh sách: {what}", "passed over as no row of the list: {what}"),
    "part-unread": ("{what}: không được đọc", "{what}: not read"),
    "example-row": ("bỏ qua dòng ví dụ của mẫu", "the template's example row was passed over"),
    "no-line": (
        "{count} dòng không ghi số thứ tự: lấy số dòng trong tệp thay vào. Khi gửi lại hồ sơ này hãy giữ nguyên thứ tự"
        " các dòng, hoặc điền cột STT",
        "{count} rows state no line number: their row number in the file stands in. Keep the rows in their places when"
        " this dossier is sent again, or fill in the column line (STT)",
    ),
}


SHOWN = 20


def passed_over(where: str, rows: list[int]) -> str:
    """The remark on rows that are no part of the list; ``where`` goes before their numbers."""
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return note("passed-over", what=f"{where}{', '.join(map(str, rows[:SHOWN]))}{more}")


def note(code: str, **facts: object) -> str:
    """One remark; ``facts`` fill its braces and must hold nothing of a person."""
    vietnamese, english = NOTES[code]
    return f"{vietnamese.format(**facts)} / {english.format(**facts)}"
