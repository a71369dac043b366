"""The words of the API are distinct, and what they carry survives the codec."""

from __future__ import annotations

from bascule.control.messages import PROTOCOL, CertificateRequest, EngineInfo, Method, Notice
from bascule.spec.codec import from_data, to_data


def test_methods_and_notices_are_distinct():
    words = [*Method, *Notice]
    assert len({str(word) for word in words}) == len(words)


def test_what_they_carry_survives():
    info = EngineInfo("1.2", 42)
    assert from_data(EngineInfo, to_data(info, keep_defaults=True)) == info
    assert info.protocol == PROTOCOL
    request = CertificateRequest(("a.example", "10.0.0.1"), 30, own_authority=False)
    assert from_data(CertificateRequest, to_data(request)) == request
