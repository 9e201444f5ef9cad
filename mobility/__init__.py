"""The command line and the settings: the one place that joins producers, streams, consumers and services."""
