"""Where a row that withdraws a line speaks for: its unit code may have moved since the line was declared under it."""

from producers.units.tax_code import Place
from producers.validate.claims import Citation, RowFault
from producers.validate.context import Context, row_place
from producers.validate.fields import day_of, month_of


def cited_place(values: dict[str, str], context: Context, citation: Citation) -> Place:
    """As any row, on its own day if it states one; where the cited line is not there, the one former or present holder
    of the unit code at which it is. ``RowFault``: no unit, or ``ambiguous-citation`` when it is at several of them.
    """
    day = _stated_day(values)
    place = row_place(values, context, day or context.today)
    code = "" if values.get("tax_code") else values.get("unit_code", "") or context.unit_code
    holders = context.directory.holders(code) if code else []
    if len(holders) < 2 or place not in holders:
        return place
    found = context.dossiers.stating(context.source, holders, citation.dossier, citation.line)
    if not found or (day and place in found):
        return place
    if len(found) == 1:
        return found[0]
    named = ", ".join(one.branch or one.unit[1:] for one in found)
    raise RowFault(
        "cites",
        "ambiguous-citation",
        f"mã đơn vị này lần lượt là của {named}, và ở mỗi nơi đều có dòng như cites nêu. Ghi tháng (từ tháng) hoặc mã"
        " số thuế của dòng cần hủy rồi gửi lại dòng này.",
        f"the unit code was that of {named} in turn, and each has a line under this citation. Add from_month or"
        " tax_code of the line that is to be withdrawn, and send the row again.",
    )


def _stated_day(values: dict[str, str]) -> str:
    month = month_of(values.get("from_month", ""))
    return day_of(values.get("died_on", "")) or (month[0] if month else "")
