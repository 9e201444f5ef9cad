"""What a clerk does with refused rows of one reason, Vietnamese and English; a row's message says it of that row."""

_FIX = ("Sửa ô này theo giấy tờ gốc rồi gửi lại.", "Correct the cell from the original paper and send it again.")
_CITE = (
    "Nếu là đính chính: đặt action=replace và cites như thông báo nêu rồi gửi lại; nếu khai trùng: bỏ dòng.",
    "If it is a correction, set action=replace and cites as the message says and send it again; if it was stated twice,"
    " discard it.",
)
_ASK = ("Hỏi lại đơn vị gửi hồ sơ, điền vào rồi gửi lại.", "Ask the sender, fill it in and send it again.")
_WORD = ("Chọn một trong các từ mà thông báo nêu rồi gửi lại.", "Take one of the words that the message lists.")

ADVICE: dict[str, tuple[str, str]] = {
    "bad-code": _FIX,
    "bad-dossier": _FIX,
    "bad-tax-code": _FIX,
    "bad-date": ("Ghi ngày dạng NN/TT/NNNN rồi gửi lại.", "Write the day as DD/MM/YYYY and send it again."),
    "bad-month": ("Ghi tháng dạng TT/NNNN rồi gửi lại.", "Write the month as MM/YYYY and send it again."),
    "bad-value": _WORD,
    "bad-insurance-number": _FIX,
    "bad-personal-number": _FIX,
    "bad-citation": _CITE,
    "missing-citation": _CITE,
    "citation-without-action": _CITE,
    "conflict": _CITE,
    "line-twice": (
        "Hai dòng của một tệp cùng STT: sửa cột line của dòng này thành số chưa dùng rồi gửi lại; khai trùng thì bỏ.",
        "Two rows of a file have one number: set line to one that is not used and send it again, or discard a copy.",
    ),
    "row-twice": (
        "Hai dòng của một tệp nói khác nhau về cùng một việc: giữ dòng đúng, bỏ dòng kia.",
        "Two rows of a file say different things of the same: keep the right one, discard the other.",
    ),
    "name-too-long": (
        "Ghi tên như trong đăng ký, không quá 300 ký tự.",
        "State the name as registered, at most 300 characters.",
    ),
    "cited-twice": (
        "Hai dòng của một tệp cùng đính chính một dòng: giữ dòng đúng; nếu là người khác, xóa action và cites.",
        "Two rows of a file correct one line: keep the right one; if it is somebody else, clear action and cites.",
    ),
    "stale-citation": (
        "Dòng đã được đính chính tiếp; dẫn phiên bản mà thông báo nêu rồi gửi lại.",
        "It was corrected since; cite the version that the message names and send it again.",
    ),
    "unknown-citation": (
        "Kiểm tra số hồ sơ và số dòng được dẫn; nếu chưa từng nhận, bỏ action và cites.",
        "Check the dossier and the line that are cited; if they were never taken in, clear action and cites.",
    ),
    "ambiguous-citation": (
        "Dẫn đúng một trong các dòng mà thông báo nêu rồi gửi lại.",
        "Cite one of the lines that the message names and send it again.",
    ),
    "missing-code": _ASK,
    "missing-date": _ASK,
    "missing-dossier": (
        "Ghi số hồ sơ vào cột dossier_no rồi gửi lại.",
        "Set dossier_no to the dossier's number and send it again.",
    ),
    "missing-month": _ASK,
    "missing-movement-code": _ASK,
    "missing-name": (
        "Nạp sổ đăng ký doanh nghiệp, hoặc điền tên rồi gửi lại.",
        "Take in the enterprise register, or fill in the name and send it again.",
    ),
    "missing-number": _ASK,
    "missing-unit": ("Ghi mã số thuế vào cột tax_code rồi gửi lại.", "Set tax_code and send it again."),
    "unknown-unit-code": (
        "Nạp sổ đăng ký doanh nghiệp có mã đơn vị này rồi gửi lại cả nhóm.",
        "Take in an enterprise register that has this unit code, then send the whole group again.",
    ),
    "unit-code-taken": (
        "Hai doanh nghiệp cùng một mã đơn vị từ cùng ngày: kiểm tra giấy tờ, sửa dòng sai rồi gửi lại.",
        "Two enterprises state one unit code from the same day: check the papers and correct the wrong row.",
    ),
    "unknown-movement-code": (
        "Sửa mã phương án rồi gửi lại; mã mới của BHXH thì bổ sung vào schemas/codes.csv rồi gửi lại cả nhóm.",
        "Correct the movement code and send it again; for a new code, add it to schemas/codes.csv and send the group.",
    ),
    "unknown-area": (
        "Tra mã xã, phường có hiệu lực vào ngày đó, hoặc để trống, rồi gửi lại.",
        "Look up the ward code that was valid on that day, or leave it empty, and send it again.",
    ),
    "refused-form": (
        "Mẫu này không nói về lao động bắt buộc: bỏ dòng, hoặc kê khai lại theo D02.",
        "This form does not speak of compulsory insurance: discard it, or have it declared on D02.",
    ),
    "day-out-of-range": ("Năm gõ sai? Sửa ngày rồi gửi lại.", "A typing error in the year? Correct it and send again."),
    "ends-before-start": _FIX,
    "start-after-roster": _FIX,
    "successor-without-end": (
        "Điền ngày giải thể, hoặc xóa đơn vị kế thừa, rồi gửi lại.",
        "Fill in dissolved_on, or clear successor_tax_code, and send it again.",
    ),
    "complete-differs": (
        "Thống nhất cột complete ở mọi dòng của đơn vị rồi gửi lại cả danh sách.",
        "Make complete the same in all rows of the unit and send its roster again.",
    ),
    "too-many-units": (
        "Tách dòng ra nhiều hồ sơ rồi nộp tệp mới; bỏ dòng này.",
        "Split it in a new file; discard this.",
    ),
    "two-identities": (
        "Hai số dẫn đến hai người: kiểm tra giấy tờ, xóa số sai, rồi gửi lại; nếu là một người, đề nghị gộp.",
        "Two numbers, two persons: clear the wrong one and send it again; if one person, have them merged.",
    ),
    "broken-row": (
        "Dòng bị hỏng dấu nháy nên không giữ được nội dung: sửa trong tệp gốc, nộp lại tệp, rồi bỏ dòng này.",
        "Its quotes are broken and nothing of it was kept: correct the file, send it again and discard this row.",
    ),
    "cell-count": (
        "Sửa dấu phân cách trong tệp gốc và nộp lại tệp, hoặc sửa các cột ở đây rồi gửi lại.",
        "Correct the separators in the file and send it again, or correct the columns here and send the row.",
    ),
    "too-long": (
        "Ô quá dài nên không giữ lại: sửa trong tệp gốc, nộp lại tệp, rồi bỏ dòng này.",
        "A cell was too long to be kept: correct the file, send it again and discard this row.",
    ),
    "no-name": (
        "Điền họ tên rồi gửi lại; dòng thừa thì bỏ.",
        "Fill in the name and send it again; discard a leftover.",
    ),
    "example-row": ("Dòng ví dụ của mẫu: bỏ.", "The template's example row: discard it."),
    "stated-twice": (
        "Phần tử nêu hai lần khác nhau: sửa trong phần mềm gửi, nộp lại, rồi bỏ dòng này.",
        "An element was stated twice: correct it where it comes from, send it again and discard this row.",
    ),
}

_OTHER = ("Làm theo thông báo của dòng.", "Do as the row's message says.")


def advice(reason: str) -> tuple[str, str]:
    """(Vietnamese, English); for a reason that is not in the table, the row's own message speaks."""
    return ADVICE.get(reason, _OTHER)
