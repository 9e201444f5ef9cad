"""Rows to claims: one file per feed. A claim is a fact that has no version yet, and maybe no person yet."""
