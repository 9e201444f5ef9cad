"""Where a form leads after it was taken."""


def within(asked: str) -> str:
    """A path of this page and of no other site; the first page for anything else."""
    plain = asked.isprintable() and asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if plain and not asked.startswith("/sign-") else "/"
