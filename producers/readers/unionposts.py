"""Marks of union posts in the member list of union software: one column a post, a cross for whoever holds it.

Source: feed description, section (e), columns I to R of ``DANHSACHDOANVIEN``. The list tells neither since when nor in
which term, and nothing of those it does not mark.
"""

POSTS: dict[str, tuple[str, str]] = {
    "I": ("post_full_time_budget", "Cán bộ chuyên trách hưởng lương ngân sách"),
    "J": ("post_full_time", "Cán bộ chuyên trách hưởng lương ngoài ngân sách"),
    "K": ("post_part_time", "Cán bộ không chuyên trách"),
    "L": ("post_chair", "Chủ tịch"),
    "M": ("post_vice_chair", "Phó Chủ tịch"),
    "N": ("post_committee", "Ủy viên Ban Chấp hành"),
    "O": ("post_group_head", "Tổ trưởng"),
    "P": ("post_group_deputy", "Tổ phó"),
    "Q": ("post_section", "Cán bộ công đoàn bộ phận"),
    "R": ("post_audit", "Ủy viên Ủy ban Kiểm tra"),
}
"""Column letter -> (canonical name, what whoever is marked there is)."""

_MARKS = frozenset({"x", "1", "v", "có", "co", "yes", "true", *"✓✔☑+*"})
_NONE = frozenset({"0", "không", "khong", "no", "false", *"-–."})


def settle_posts(values: dict[str, str]) -> None:
    """Put the marks of a row together in ``union_position``, separated by ``;``.

    What is neither a mark nor empty is kept behind a colon: validation refuses the row, and a clerk sees which post.
    """
    held = []
    for name, post in POSTS.values():
        mark = values.pop(name, "")
        if mark.casefold() in _MARKS:
            held.append(post)
        elif mark and mark.casefold() not in _NONE:
            held.append(f"{post}: {mark}")
    if held:
        values["union_position"] = "; ".join(held)
