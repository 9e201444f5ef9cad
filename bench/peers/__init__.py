"""The participants of the measured work, each a program of its own: ours, its peers, and the floor."""
