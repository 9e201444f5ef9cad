"""Rules that watch units: each a pure life of alerts over what a unit is on a day."""
