"""The engine on a real broker, with a step that only counts."""
