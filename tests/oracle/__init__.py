"""What the figures should be: recomputed from all facts, from scratch, by the text of ``docs/meaning.md``.

Slow and plain on purpose. It shares no code with ``streams``: it imports ``schemas`` alone.
"""
