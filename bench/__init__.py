"""The measured work: `mobility bench` runs the peers, `python -m bench.steps` the pure steps alone."""
