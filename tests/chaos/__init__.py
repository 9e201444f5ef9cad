"""Kill tests: workers and broker die, freeze and come back while facts flow; then every sum must be right."""
