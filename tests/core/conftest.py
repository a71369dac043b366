"""What every test of the core gets: no example of Hypothesis is measured by its time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# On a busy machine the same example takes ten times as long, and nothing is wrong.
settings.register_profile("core", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("core")
