"""Events to state: three pure steps (people, registry, units) and the engine that runs them exactly once."""
