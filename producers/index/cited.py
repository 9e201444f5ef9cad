"""Which line a citation means: the one stated first under it, or the one that it corrected (meaning, rule 9). Pure."""

from collections.abc import Collection, Sequence

from producers.index.entry import Entry
from producers.validate.claims import Citation, RowFault

Line = tuple[str, str]
"""(dossier, line)."""


def lines_cited(entries: Sequence[Entry], asked: Collection[Line]) -> list[Line]:
    """Lines that stated these facts first: those that were asked for, then those that the asked ones have corrected."""
    first = list(dict.fromkeys((entry.dossier, entry.line) for entry in entries))
    return [line for line in first if line in asked] + [line for line in first if line not in asked]


def the_one_meant(facts: dict[Line, list[Entry]], asked: Collection[Line], citation: Citation) -> list[Entry]:
    """Of the lines that answer to a citation the one that it means; what was stated first under it is one line.

    The cited version tells them apart. ``RowFault`` ``ambiguous-citation``, naming what to cite, when it does not.
    """
    own = [entry for line, entries in facts.items() if line in asked for entry in entries]
    corrected = {line: entries for line, entries in facts.items() if line not in asked and entries}
    choices = [((citation.dossier, citation.line), own)] if own else []
    choices += list(corrected.items())
    if len(choices) <= 1:
        return choices[0][1] if choices else []
    fitting = [entries for _, entries in choices if _version(entries) == citation.version]
    if len(fitting) == 1:
        return fitting[0]
    told = [f"{dossier}:{line}@{_version(entries)}" for (dossier, line), entries in choices]
    stated, others = (told[0], told[1:]) if own else ("", told)
    vi = f"dòng được khai lần đầu dưới số này ({stated}) hoặc " if stated else ""
    en = f"the line first stated under it ({stated}) or " if stated else ""
    raise RowFault(
        "cites",
        "ambiguous-citation",
        f"cites có thể chỉ {vi}dòng đã được đính chính bởi nó ({', '.join(others)}). Hãy dẫn một dòng rồi gửi lại.",
        f"cites may mean {en}what it has corrected ({', '.join(others)}). Cite one of them and send the row again.",
    )


def _version(entries: Sequence[Entry]) -> int:
    return max(entry.version for entry in entries)
