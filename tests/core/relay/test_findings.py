"""What a relay has found out about its way: it is kept, and told."""

from __future__ import annotations

from bascule.events import Checked, CheckResult, Measured, Measurement, Outcome, RelayEvent
from bascule.relay.findings import KEPT_CHECKS, Findings


def test_the_last_measurement_counts():
    told: list[RelayEvent] = []
    findings = Findings("relay-1", told.append)
    assert findings.measurement is None
    going = Measurement(Outcome.RUNNING, 1.0, 0.5, 100, 0)
    ended = Measurement(Outcome.CONFIRMED, 1.0, 1.0, 200, 0)
    findings.measured(going)
    findings.measured(ended)
    assert findings.measurement is ended
    assert told == [Measured("relay-1", going), Measured("relay-1", ended)]


def test_the_last_checks_are_kept_oldest_first():
    told: list[RelayEvent] = []
    findings = Findings("relay-1", told.append)
    results = [CheckResult(float(number), 1.0) for number in range(KEPT_CHECKS + 5)]
    for result in results:
        findings.checked(result)
    assert list(findings.checks) == results[5:]
    assert told == [Checked("relay-1", result) for result in results]
