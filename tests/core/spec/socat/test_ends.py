"""Which method makes which kind of address."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.socat.ends import EndReader
from bascule.spec.socat.given import Given
from bascule.spec.socat.names import addresses
from bascule.spec.socat.scan import read_address


def read(text: str, reader: EndReader | None = None) -> object:
    address = read_address(text, strict=False)
    known = addresses()[address.keyword]
    return (reader or EndReader()).read(known.name, Given(address, known))


def test_the_family_is_in_the_name_or_in_the_command():
    for text, family in (("TCP4:h:1", "ipv4"), ("UDP6-SENDTO:h:1", "ipv6"), ("TCP:h:1", "any")):
        assert getattr(read(text), "family", "") == family
    reader = EndReader("ipv6")
    assert getattr(read("TCP:h:1", reader), "family", "") == "ipv6"
    assert getattr(read("TCP4:h:1", reader), "family", "") == "ipv4"
    assert getattr(read("TCP:h:1,pf=ip4", reader), "family", "") == "ipv4"
    assert getattr(read("TCP:h:1,pf=ip6"), "family", "") == "ipv6"


@pytest.mark.parametrize("kind", ["TUN", "UDPLITE4-CONNECT", "SCTP4-LISTEN"])
def test_what_is_not_there_says_what_is(kind: str):
    with pytest.raises(SpecError, match="not in Bascule|matter of"):
        read(f"{kind}:1:2" if kind != "TUN" else kind)


def test_a_kind_nobody_explains():
    address = read_address("PTY", strict=False)
    with pytest.raises(SpecError, match="does not have this kind"):
        EndReader().read("WHATEVER", Given(address, addresses()["PTY"]))


def test_what_a_spec_refuses_is_told_with_the_address():
    with pytest.raises(SpecError) as caught:
        read("TCP:a.onion:1")
    assert caught.value.facts["token"] == "TCP:a.onion:1"
