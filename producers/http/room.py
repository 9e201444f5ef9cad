"""Bounds what bodies that arrive at the same time take of the memory."""


class Room:
    """Lives on one event loop."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0

    def take(self, size: int) -> bool:
        """Whether there is room for so many bytes more; then they are taken."""
        if self._taken + size > self._most:
            return False
        self._taken += size
        return True

    def give(self, size: int) -> None:
        """They are free again."""
        self._taken -= size
