"""What ``mobility up`` keeps running, each in a process of its own: streams, store, watch, clock."""
