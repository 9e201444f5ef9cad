"""Kill tests: workers, broker, store and database die, freeze, come back while facts flow; every sum must be right."""
