"""What is learnt about the computer travels as JSON and comes out the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bascule.facts import CertificateFacts, CertificateMade, PortInfo
from bascule.spec.codec import from_data, to_data

numbers = st.none() | st.integers(0, 65535)
moments = st.floats(-1e10, 1e12)
maybe = st.none() | st.booleans()
ports = st.builds(
    PortInfo, st.text(), st.text(), st.text(), numbers, numbers, st.text(), st.text(), maybe
)
certificates = st.builds(
    CertificateFacts,
    st.text(),
    st.text(),
    st.lists(st.text()).map(tuple),
    moments,
    moments,
    st.text(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    maybe,
    st.text(),
)
made = st.builds(CertificateMade, st.text(), st.text(), st.text(), certificates)


@given(st.one_of(ports, certificates, made))
def test_facts_travel_as_json(facts: Any):
    assert from_data(type(facts), json.loads(json.dumps(to_data(facts)))) == facts


def test_of_a_port_only_its_name_must_be_known():
    port = PortInfo("COM5")
    assert (port.vid, port.pid, port.busy) == (None, None, None)
    assert to_data(port) == {"device": "COM5"}
