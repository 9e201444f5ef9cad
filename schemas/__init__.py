"""What is said: events, topics, codes and areas. Everything else depends on this package; it depends on nothing."""
