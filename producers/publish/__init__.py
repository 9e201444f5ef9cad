"""Staged events to Kafka, exactly once: one transaction holds the events and the receipts that tell of them."""
