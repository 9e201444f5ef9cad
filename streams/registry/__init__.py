"""Step ``registry``: what registers say of a subject -> marks on every unit that it touches or no longer touches."""

from streams.registry.step import step

__all__ = ["step"]
