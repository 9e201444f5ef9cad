"""Profiles: ``default`` keeps the whole folder under a minute; ``MOBILITY_TEST_PROFILE=long`` looks a hundred times
harder; ``python -m tests.property.long`` runs the simulator over a million facts."""

import os

from hypothesis import HealthCheck, Phase, settings

_KNOWN = {
    "deadline": None,
    "database": None,
    "phases": [Phase.explicit, Phase.generate, Phase.shrink],
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("default", max_examples=100, **_KNOWN)  # type: ignore[arg-type]
settings.register_profile("long", max_examples=10_000, **_KNOWN)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("MOBILITY_TEST_PROFILE", "default"))
