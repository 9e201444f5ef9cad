"""Every sentence with which a reader refuses a file or a row: Vietnamese first, English second, with the next step."""

from producers.readers.model import RowRefused

_RESEND = ("Hãy lấy lại tệp từ nơi gửi rồi nộp lại.", "Fetch the file again from its sender and send it again.")
_SAVE_AS = ("Hãy lưu thành .xlsx hoặc .csv (UTF-8) rồi nộp lại.", "Save it as .xlsx or .csv (UTF-8) and send it again.")
_SPLIT = ("Hãy chia nhỏ tệp rồi nộp lại.", "Split the file and send it again.")

FILE_SENTENCES: dict[str, tuple[str, str]] = {
    "missing-file": (
        "không tìm thấy hoặc không đọc được tệp. Hãy kiểm tra đường dẫn và quyền đọc.",
        "the file is not there or cannot be read. Check the path and the right to read it.",
    ),
    "not-a-file": (
        "đây không phải tệp thường. Hãy chỉ ra từng tệp.",
        "this is not a regular file. Name the files one by one.",
    ),
    "empty": (f"tệp rỗng. {_RESEND[0]}", f"the file is empty. {_RESEND[1]}"),
    "too-big": (
        f"tệp lớn hơn giới hạn {{limit}} byte. {_SPLIT[0]}",
        f"the file is over the limit of {{limit}} bytes. {_SPLIT[1]}",
    ),
    "changed": (
        "tệp bị thay đổi trong khi đọc. Hãy đợi ghi xong rồi nộp lại.",
        "the file changed while it was read. Wait until it is written and send it again.",
    ),
    "unknown-format": (
        f"định dạng {{what}} không đọc được. {_SAVE_AS[0]}",
        f"{{what}} is not a format that is read here. {_SAVE_AS[1]}",
    ),
    "unknown-xml": (
        "phần tử gốc {root} không thuộc hồ sơ nào đã biết. Hãy nộp phong bì BHXHDienTu.xml hoặc tệp D02-TS.",
        "the root element {root} belongs to no known dossier. Send the envelope BHXHDienTu.xml or the D02-TS file.",
    ),
    "password": (
        "tệp có mật khẩu. Hãy bỏ mật khẩu rồi nộp lại.",
        "the file is protected by a password. Remove the password and send it again.",
    ),
    "cut": (
        f"tệp bị cắt cụt hoặc chưa tải xong. {_RESEND[0]}",
        f"the file is cut off or was not fully copied. {_RESEND[1]}",
    ),
    "damaged": (f"tệp bị hỏng ({{what}}). {_RESEND[0]}", f"the file is damaged ({{what}}). {_RESEND[1]}"),
    "nul": (
        "có byte NUL: tệp hỏng hoặc là UTF-16 thiếu BOM. Hãy lưu thành CSV UTF-8 rồi nộp lại.",
        "it holds NUL bytes: damaged, or UTF-16 without its mark. Save it as CSV UTF-8 and send it again.",
    ),
    "encoding": (
        "bảng mã không phải UTF-8, UTF-16 hay windows-1258. Hãy lưu thành CSV UTF-8 rồi nộp lại.",
        "the text is not UTF-8, UTF-16 or windows-1258. Save it as CSV UTF-8 and send it again.",
    ),
    "endless-line": (
        f"một dòng dài hơn {{limit}} ký tự. {_RESEND[0]}",
        f"one line is longer than {{limit}} characters. {_RESEND[1]}",
    ),
    "open-quote": (
        "dấu nháy mở mà không đóng; tệp có thể bị cắt cụt. Hãy sửa dấu nháy hoặc lấy lại tệp rồi nộp lại.",
        "a quote opens and never closes; the file may be cut off. Correct it or fetch the file again, and send it.",
    ),
    "zip-bomb": (
        "khi giải nén tệp vượt giới hạn ({what}). Hãy chia nhỏ hoặc lấy lại tệp rồi nộp lại.",
        "unpacked, the file goes over a limit ({what}). Split it or fetch it again, and send it.",
    ),
    "zip-method": (
        "kiểu nén của {what} không được hỗ trợ. Hãy nén lại bằng ZIP thường.",
        "the packing method of {what} is not supported. Pack it again as a plain ZIP.",
    ),
    "zip-nested": (
        "tệp ZIP nằm trong tệp ZIP. Hãy giải nén rồi nộp từng tệp.",
        "a ZIP inside a ZIP is not opened. Unpack it and send its files.",
    ),
    "zip-twice": (
        "trong tệp ZIP có hai tệp trùng tên. Khi giải nén hãy giữ cả hai (đổi tên một tệp), rồi nén lại và nộp; hoặc"
        " nộp riêng từng tệp.",
        "two files in the ZIP have the same name. Keep both when you unpack it (rename one of them), pack it again and"
        " send it; or send the files one by one.",
    ),
    "zip-empty": ("tệp ZIP không có tệp nào. " + _RESEND[0], "the ZIP holds no file. " + _RESEND[1]),
    "memory": (
        f"bảng tính cần nhiều bộ nhớ hơn giới hạn {{limit}} byte. {_SPLIT[0]}",
        f"the workbook needs more memory than the limit of {{limit}} bytes. {_SPLIT[1]}",
    ),
    "slow": (
        f"đọc bảng tính quá {{limit}} giây. {_SPLIT[0]}",
        f"reading the workbook took over {{limit}} seconds. {_SPLIT[1]}",
    ),
    "xml-dtd": (
        f"XML khai báo DTD hoặc thực thể, không được phép. {_RESEND[0]}",
        f"the XML declares a DTD or entities, which is not allowed. {_RESEND[1]}",
    ),
    "xml-limit": (
        f"XML vượt giới hạn ({{what}}). {_RESEND[0]}",
        f"the XML goes over a limit ({{what}}). {_RESEND[1]}",
    ),
    "inner-length": (
        f"DoDaiFile ghi {{stated}} nhưng nội dung dài {{found}} ký tự: bị cắt hoặc sửa. {_RESEND[0]}",
        f"DoDaiFile says {{stated}} but the content has {{found}} characters: cut or altered. {_RESEND[1]}",
    ),
    "inner-base64": (f"NoiDungFile không phải base64. {_RESEND[0]}", f"NoiDungFile is not base64. {_RESEND[1]}"),
    "no-d02": (
        "phong bì không có tờ khai D02 (chỉ có: {what}). Hãy kiểm tra lại thủ tục.",
        "the envelope has no D02 form (only: {what}). Check the procedure that was sent.",
    ),
    "no-header": (
        "không tìm thấy dòng tiêu đề nào đã biết. Hãy đặt tên cột theo mẫu (ví dụ: tax_code, name; hoặc Họ và tên, "
        "Mã số BHXH, PA, Từ tháng) rồi nộp lại.",
        "no known header row was found. Name the columns as the formats say (for example tax_code, name; or full_name, "
        "insurance_number, movement_code, from_month) and send it again.",
    ),
    "no-rows": (
        "có dòng tiêu đề nhưng không có dòng dữ liệu nào. Hãy điền dữ liệu dưới tiêu đề rồi nộp lại.",
        "there is a header but no row below it. Fill in the rows and send the file again.",
    ),
    "missing-columns": (
        "giống {kind} nhưng thiếu cột {what}. Hãy thêm cột rồi nộp lại.",
        "it looks like a {kind} but lacks the column {what}. Add it and send it again.",
    ),
    "duplicate-header": (
        "cột {what} xuất hiện hai lần ({first} và {second}). Hãy giữ một cột rồi nộp lại.",
        "the column {what} is there twice ({first} and {second}). Keep one of them and send it again.",
    ),
    "too-many-columns": (
        f"có hơn {{limit}} cột. {_RESEND[0]}",
        f"there are more than {{limit}} columns. {_RESEND[1]}",
    ),
    "unexpected": (
        "không đọc được tệp ({what}). Hãy lưu lại thành .xlsx hoặc .csv (UTF-8) rồi nộp lại.",
        "the file cannot be read ({what}). Save it again as .xlsx or .csv (UTF-8) and send it.",
    ),
}

ROW_SENTENCES: dict[str, tuple[str, str]] = {
    "broken-row": (
        "dấu nháy sai chỗ (dòng {first}-{last} của tệp). Hãy sửa rồi gửi lại dòng này.",
        "a quote stands in the wrong place (lines {first}-{last} of the file). Correct it and send the row again.",
    ),
    "cell-count": (
        "dòng có {found} ô, tiêu đề có {wanted}. Hãy sửa dấu phân cách hoặc dấu nháy rồi gửi lại dòng này.",
        "the row has {found} cells, the header {wanted}. Correct separators or quotes and send the row again.",
    ),
    "too-long": (
        "ô dài hơn {limit} ký tự. Hãy sửa rồi gửi lại dòng này.",
        "a cell is longer than {limit} characters. Correct it and send the row again.",
    ),
    "no-name": (
        "có số hoặc phương án nhưng không có họ tên. Hãy điền họ tên hoặc xóa dòng.",
        "there is a number or a code but no name. Fill in the name or delete the row.",
    ),
    "example-row": (
        "đây là dòng ví dụ của mẫu. Hãy xóa, hoặc thay bằng dữ liệu thật và bỏ chữ VÍ DỤ ở cột STT.",
        "this is the template's example row. Delete it, or put real data in its place and take the mark VÍ DỤ out.",
    ),
    "stated-twice": (
        "phần tử {what} có hai nội dung khác nhau. Hãy sửa rồi gửi lại dòng này.",
        "the element {what} is stated twice, differently. Correct it and send the row again.",
    ),
}


class FileRefused(Exception):
    """The file is refused as a whole. ``reason`` is a key of FILE_SENTENCES; ``str()`` names file, place, next step."""

    def __init__(self, reason: str, file: str, place: str = "", **facts: object) -> None:
        """``facts`` fill the sentence; they must hold nothing of a person."""
        vietnamese, english = FILE_SENTENCES[reason]
        where = f"{file}, {place}" if place else file
        self.reason = reason
        self.file = file
        self.place = place
        self.message = f"{where}: {vietnamese.format(**facts)} / {english.format(**facts)}"
        super().__init__(self.message)


def refuse_row(reason: str, line: str, place: str, field: str, values: dict[str, str], **facts: object) -> RowRefused:
    """A refused row; ``reason`` is a key of ROW_SENTENCES, ``values`` go to the encrypted quarantine only."""
    vietnamese, english = ROW_SENTENCES[reason]
    message = f"{place}: {vietnamese.format(**facts)} / {english.format(**facts)}"
    return RowRefused(line, place, field, reason, message, values)
