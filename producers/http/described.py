"""What OpenAPI tells about bodies and answers, made from the table of fields."""

from typing import Any

from producers.http.feeds import Feed
from producers.http.limits import DEFAULT_LIMITS
from producers.http.problems import SENTENCES
from producers.http.receipts import Taken

_TEXT = {"type": ["string", "null"], "maxLength": DEFAULT_LIMITS.value_chars}
_YES_NO = {"type": ["string", "boolean", "null"]}

PROBLEM: dict[str, Any] = {
    "description": "Không nhận: mã (code) và câu giải thích / Not taken: a code, and a sentence in two languages",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Cùng khóa, cùng nội dung: cùng biên nhận; khác nội dung: 409. Nên luôn gửi / The same key with the "
    "same body gives the same receipt; with another body 409. Send one always.",
    "example": "2026-10-05-0001",
}

OPTION_TEXTS = {
    "unit": "đơn vị của các dòng không ghi đơn vị: mã số thuế hoặc mã công đoàn / unit of rows that name none",
    "dossier": "số hồ sơ của các dòng không ghi / number of the dossier for rows that name none",
    "replaces": "hồ sơ được khai lại toàn bộ / the dossier that this restates whole",
}


def problem_schema() -> dict[str, Any]:
    """The body of every answer that is no success."""
    return {
        "type": "object",
        "required": ["status", "code", "vi", "en"],
        "properties": {
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(SENTENCES)},
            "vi": {"type": "string"},
            "en": {"type": "string"},
            "at": {"type": "array", "items": {"type": "string"}, "examples": [["rows[3].from_month"]]},
        },
    }


def taken_answers() -> dict[int | str, dict[str, Any]]:
    """202, and what else a post may be answered with."""
    codes = (401, 403, 408, 409, 413, 415, 422, 429, 503)
    location = {"Location": {"schema": {"type": "string"}, "description": "/v1/receipts/ID"}}
    again = {"Retry-After": {"schema": {"type": "integer"}, "description": "giây / seconds"}}
    answers: dict[int | str, dict[str, Any]] = {
        202: {
            "model": Taken,
            "description": "Đã lưu chắc chắn; xem biên nhận / Stored for sure; see the receipt",
            "headers": location,
        }
    }
    return answers | {code: PROBLEM | ({"headers": again} if code in (429, 503) else {}) for code in codes}


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            one.name: (_YES_NO if one.yes_no else _TEXT)
            | {"description": f"{one.vi} / {one.en}"}
            | ({"examples": [one.example]} if one.example else {})
            for one in feed.fields
        },
    }


def row_body(feed: Feed) -> dict[str, Any]:
    """One row."""
    return _body("application/json", _row(feed), feed.example)


def batch_body(feed: Feed) -> dict[str, Any]:
    """``rows`` and what holds for all of them."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["rows"],
        "properties": {
            "rows": {"type": "array", "minItems": 1, "maxItems": DEFAULT_LIMITS.rows, "items": _row(feed)},
            **{name: {"type": ["string", "null"], "description": text} for name, text in OPTION_TEXTS.items()},
        },
    }
    return _body("application/json", schema, {"rows": [feed.example]})


def file_body() -> dict[str, Any]:
    """The bytes of a file; what it does not say itself stands in headers."""
    headers = [
        {
            "name": f"Mobility-{name.capitalize()}",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": f"{text}; ngoài ASCII thì mã hóa phần trăm / percent-encoded beyond ASCII",
        }
        for name, text in OPTION_TEXTS.items()
    ]
    body = _body("application/octet-stream", {"type": "string", "format": "binary"}, None)
    return body | {"parameters": [IDEMPOTENCY, *headers]}


def _body(kind: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    content = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"parameters": [IDEMPOTENCY], "requestBody": {"required": True, "content": {kind: content}}}
