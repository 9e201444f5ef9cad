"""Step ``units``: the ordered log of one unit -> counts, cover and alerts on the clock's day."""

from streams.units.step import step

__all__ = ["step"]
