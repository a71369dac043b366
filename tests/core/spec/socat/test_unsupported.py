"""What Bascule does not do: recognised, and explained."""

from __future__ import annotations

import pytest

from bascule.spec.socat import unsupported
from bascule.spec.socat.ends import maker
from bascule.spec.socat.names import ADDRESSES, OPTIONS
from bascule.spec.socat.unsupported import ignored, refused, refused_address


def test_every_kind_of_address_is_made_or_explained():
    names = {known.name for known in ADDRESSES.values()} - {"FAILOVER", "FAN-OUT", "DUAL"}
    begins = tuple(
        each for beginnings, _why in vars(unsupported)["_ADDRESSES"] for each in beginnings
    )
    explained = {name for name in names if name.startswith(begins)}
    assert explained == {name for name in names if maker(name)[0] is None}
    assert len(explained) == 62


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("OPENSSL-DTLS-CLIENT", "DTLS"),
        ("SCTP4-LISTEN", "SCTP"),
        ("DCCP-CONNECT", "DCCP"),
        ("UDPLITE6-RECV", "UDP-Lite"),
        ("IP4-SENDTO", "raw IP"),
        ("TUN", "VPN"),
        ("INTERFACE", "tcpdump"),
        ("POSIXMQ-READ", "message queue"),
        ("VSOCK-LISTEN", "virtual machine"),
        ("READLINE", "rlwrap"),
    ],
)
def test_what_it_is_and_what_to_use_instead(name: str, said: str):
    why = refused_address(name).text
    assert said in why
    assert " use " in why or "work of tcpdump" in why


def test_options_that_must_not_be_left_out():
    user, wrappers = refused("substuser"), refused("tcpwrappers")
    assert user is not None
    assert "as that user" in user.text
    assert wrappers is not None
    assert "range=" in wrappers.text
    assert refused("tcp-quickack") is None


def test_options_that_may_be_left_out():
    (said,) = ignored("cloexec", "PTY")
    assert said.text == (
        "Left out: Bascule never blocks, and its programs inherit nothing that is not theirs."
    )
    (said,) = ignored("tcp-quickack", "TCP-CONNECT")
    assert said.text == (
        "Left out: TCP-CONNECT has no use for it, and nothing that is carried changes by it."
    )


def test_only_names_that_socat_knows_are_explained():
    known = {option.name for option in OPTIONS.values()}
    tables = vars(unsupported)
    for table in ("_REFUSED", "_IGNORED"):
        names = {name for listed in tables[table].values() for name in listed.split()}
        assert names <= known
