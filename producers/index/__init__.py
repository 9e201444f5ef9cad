"""Fact index: identity -> version and content of every fact on the log, and what a row means against it."""
