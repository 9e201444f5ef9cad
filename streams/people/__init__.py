"""Step ``people``: a person's declared facts -> dated effects on units, and resolved movements."""

from streams.people.step import step

__all__ = ["step"]
