"""Every answer that is no success: a status, a code that stays, a sentence in Vietnamese and in English.

A sentence never quotes what was sent: it may be somebody's name or number.
"""

from typing import Any


class Problem(Exception):
    """``at``: where in the body, by position (``rows[3].from_month``). ``retry_after``: seconds, 0 for not at all."""

    def __init__(self, code: str, at: tuple[str, ...] = (), *, retry_after: int = 0, **facts: object) -> None:
        """``code``: a key of SENTENCES; ``facts`` fill its sentences and hold nothing of what was sent."""
        super().__init__(code)
        self.code, self.at, self.retry_after = code, at, retry_after
        self.status, vietnamese, english = SENTENCES[code]
        self.vi, self.en = vietnamese.format(**facts), english.format(**facts)

    def shown(self) -> dict[str, Any]:
        """The body of the answer."""
        said: dict[str, Any] = {"status": self.status, "code": self.code, "vi": self.vi, "en": self.en}
        return said | ({"at": list(self.at)} if self.at else {})


SENTENCES: dict[str, tuple[int, str, str]] = {
    "no-key": (
        401,
        "Cần khóa API còn hiệu lực: Authorization: Bearer mob_… Hãy xin khóa của người vận hành (mobility key create).",
        "A valid API key is needed: Authorization: Bearer mob_… Ask the operator for one (mobility key create).",
    ),
    "feed-not-allowed": (
        403,
        "Khóa này không được gửi loại dữ liệu {feed}. Hãy xin người vận hành khóa có phạm vi đó.",
        "This key may not send {feed}. Ask the operator for a key with that feed.",
    ),
    "outside-scope": (
        403,
        "Có dòng nói về đơn vị ngoài phạm vi của khóa này; không nhận gì cả. Hãy bỏ các dòng đó, hoặc xin khóa khác.",
        "Some rows speak for units beyond the scope of this key; nothing was taken. Leave them out, or ask for a key.",
    ),
    "not-found": (404, "Không có gì ở địa chỉ này với khóa này.", "There is nothing here for this key."),
    "method": (405, "Địa chỉ này không nhận phương thức đó.", "This address does not take that method."),
    "slow": (
        408,
        "Nội dung không đến hết trong {seconds} giây. Hãy gửi lại với cùng Idempotency-Key.",
        "The body did not arrive within {seconds} seconds. Send it again with the same Idempotency-Key.",
    ),
    "other-body": (
        409,
        "Idempotency-Key này đã dùng cho nội dung khác. Hãy dùng khóa mới cho nội dung mới.",
        "This Idempotency-Key was used for another body. Use a new one for a new body.",
    ),
    "too-large": (
        413,
        "Nội dung lớn hơn {limit} byte. Hãy chia nhỏ rồi gửi lại.",
        "The body is over {limit} bytes. Split it and send it again.",
    ),
    "compressed": (
        415,
        "Không nhận Content-Encoding. Hãy gửi nguyên nội dung, hoặc gửi tệp ZIP tới /v1/files.",
        "Content-Encoding is not taken. Send the body as it is, or a ZIP to /v1/files.",
    ),
    "multipart": (
        415,
        "Không nhận multipart. Hãy gửi chính các byte của tệp làm nội dung: curl --data-binary @TỆP (không phải -F).",
        "Multipart is not taken. Send the bytes of the file as the body: curl --data-binary @FILE (not -F).",
    ),
    "empty": (422, "Nội dung rỗng.", "The body is empty."),
    "not-json": (
        422,
        "Nội dung không phải JSON (UTF-8) hợp lệ.",
        "The body is not valid JSON in UTF-8.",
    ),
    "doubled-name": (
        422,
        "Có tên trường ghi hai lần trong một đối tượng nên không rõ giá trị nào đúng; không nhận gì cả. Xem các vị trí"
        " trong at, chỉ ghi mỗi trường một lần.",
        "A name is stated twice in one object, so it is not clear which value counts; nothing was taken. See the"
        " positions in at, and state each field once.",
    ),
    "bad-shape": (
        422,
        "Cần một đối tượng JSON: {shape}.",
        "A JSON object is wanted: {shape}.",
    ),
    "bad-rows": (
        422,
        "Có chỗ không đúng mẫu: tên trường phải thuộc danh sách của loại này, giá trị là chuỗi không quá {chars} ký tự"
        " (true, false ở trường có/không). Xem các vị trí trong at.",
        "Some places are not as the format says: names of fields are those of this feed, values are texts of at most"
        " {chars} characters (true or false in yes/no fields). See the positions in at.",
    ),
    "empty-row": (422, "Có dòng không điền gì.", "A row states nothing."),
    "line-needed": (
        422,
        "Mỗi dòng D02 phải có line (số thứ tự trong hồ sơ): đó là danh tính của dòng, để gửi lại không thành hai.",
        "Each D02 row needs its line (its number in the dossier): it is the row's identity, so that sent again it stays"
        " one.",
    ),
    "many-rows": (
        413,
        "Một lần gửi tối đa {limit} dòng. Hãy chia nhỏ rồi gửi lại.",
        "A batch has at most {limit} rows. Split it and send it again.",
    ),
    "bad-dossier": (
        422,
        "Số hồ sơ giống họ tên hay số của một người; số hồ sơ lên nhật ký chung nên không được nhận. Hãy sửa.",
        "The dossier number looks like a person's name or number; it would go onto the log. Correct it.",
    ),
    "bad-unit": (
        422,
        "Đơn vị giống họ tên hay số của một người; nó được lưu không mã hóa nên không được nhận. Hãy ghi mã số thuế.",
        "The unit looks like a person's name or number; it would be kept in clear. Give the unit's tax code.",
    ),
    "complete-alone": (
        422,
        "complete = yes nói rằng danh sách đã đủ, nên phải gửi cả danh sách trong một lần (batch).",
        "complete = yes says that the list is whole, so the whole list has to come in one batch.",
    ),
    "bad-header": (
        422,
        "Tiêu đề {name} không đọc được: tối đa {chars} ký tự, ngoài ASCII thì mã hóa phần trăm (UTF-8).",
        "The header {name} can't be read: at most {chars} characters, percent-encoded UTF-8 beyond ASCII.",
    ),
    "doubled-header": (
        422,
        "Tiêu đề {name} gửi nhiều lần nên không rõ giá trị nào đúng; không nhận gì cả. Hãy gửi một lần.",
        "The header {name} is sent more than once, so it is not clear which counts; nothing was taken. Send it once.",
    ),
    "bad-idempotency-key": (
        422,
        "Idempotency-Key cần 1 đến {chars} ký tự ASCII nhìn thấy được, không có khoảng trắng. Không dùng thì bỏ hẳn.",
        "An Idempotency-Key has 1 to {chars} visible ASCII characters and no space. To send none, leave it out.",
    ),
    "too-often": (
        429,
        "Khóa này gửi quá {per_minute} yêu cầu một phút. Hãy chờ rồi gửi lại.",
        "This key sends more than {per_minute} requests a minute. Wait, then send again.",
    ),
    "fault": (
        500,
        "Lỗi của chương trình, đã ghi vào nhật ký. Hãy gửi lại với cùng Idempotency-Key.",
        "A fault of the program; it is in the log. Send it again with the same Idempotency-Key.",
    ),
    "away": (
        503,
        "Chưa lưu được nên chưa nhận. Hãy gửi lại sau với cùng Idempotency-Key.",
        "It can't be stored now, so it was not taken. Send it again later with the same Idempotency-Key.",
    ),
    "unsure": (
        503,
        "Cơ sở dữ liệu không trả lời kịp nên chưa rõ đã lưu hay chưa. Hãy gửi lại với cùng Idempotency-Key; nếu không"
        " dùng, những gì đã nhận sẽ trở lại là không đổi (unchanged).",
        "The database did not answer in time, so it may be stored or not. Send it again with the same Idempotency-Key;"
        " without one, what was taken comes back as unchanged.",
    ),
    "queue-long": (
        503,
        "Hàng chờ đang dài, chưa nhận thêm. Hãy gửi lại sau với cùng Idempotency-Key.",
        "The queue is long, nothing more is taken now. Send it again later with the same Idempotency-Key.",
    ),
    "busy": (
        503,
        "Đang nhận nhiều nội dung lớn cùng lúc. Hãy gửi lại sau.",
        "Many large bodies are arriving at the same time. Send it again later.",
    ),
}
