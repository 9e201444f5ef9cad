"""From rows to staged facts, block by block, in the caller's transaction."""
