"""The way from a word to an end: which module makes it, what is made of several, what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import TcpConnect
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import File, Pipe, Program, Standard
from bascule.spec.options import Retry
from bascule.spec.socat.ends import ReadEnd, read_end
from bascule.spec.socat.given import Context


def read_whole(text: str, *, strict: bool = False, system: str = "linux") -> ReadEnd:
    return read_end(text, Context(strict=strict, any_group=False, system=system, prefer=""))


def read(text: str, *, strict: bool = False, system: str = "linux") -> Any:
    """The end that a word means."""
    return read_whole(text, strict=strict, system=system).end


def verdicts(text: str, *, system: str = "linux") -> dict[str, tuple[str, str]]:
    """What is said of a word, by the tokens in it."""
    said = read_whole(text, system=system).finish()
    return {each.token: (each.kind, each.text) for each in said}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("TCP4:h:1", "ipv4"),
        ("TCP6:h:1", "ipv6"),
        ("UDP6-SENDTO:h:1", "ipv6"),
        ("TCP:h:1", "any"),
        ("TCP:h:1,pf=ip4", "ipv4"),
        ("OPENSSL:h:1,pf=ip6", "ipv6"),
        ("TCP4:h:1,pf=ip6", "ipv4"),
    ],
)
def test_the_family_is_in_the_name_or_in_an_option(text: str, family: str):
    assert read(text).family == family


def test_two_halves():
    assert read("STDIN!!OPEN:out.txt,creat") == Dual(
        reading=Standard(use="input"), writing=File(path="out.txt", create=True)
    )
    assert read("EXEC:cat,pty!!-") == Dual(
        reading=Program(command="cat", joined_by="terminal"), writing=Standard()
    )


def test_ends_made_of_several():
    one, two = (
        TcpConnect(host, 1, connect_timeout_seconds=120.0, keepalive=False) for host in "ab"
    )
    assert read("FAILOVER:'TCP:a:1':'TCP:b:1',check=2,retry=3") == Failover(
        targets=(one, two), check_seconds=2.0, retry=Retry(3, 1.0)
    )
    assert read("FAN-OUT:TCP\\:a\\:1:DISCARD,answering=0") == FanOut(
        targets=(one, Discard()), answering=0
    )
    assert read("DUAL:PIPE:DISCARD,forever") == Dual(
        reading=Pipe(), writing=Discard(), retry=Retry(-1, 1.0)
    )


@pytest.mark.parametrize(
    ("text", "position", "token", "said"),
    [
        ("TCP-LSTEN:80", 0, "TCP-LSTEN", 'unknown address "TCP-LSTEN"; did you mean TCP-LISTEN?'),
        ("-!!TPC:h:1", 3, "TPC", "did you mean TCP?"),
        ("33", 0, "33", 'unknown address "33"'),
        ("", 0, "", 'unknown address ""'),
    ],
)
def test_an_unknown_address(text: str, position: int, token: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.code is ErrorCode.KIND_UNKNOWN
    assert said in caught.value.message
    assert caught.value.facts["position"] == position
    assert caught.value.facts["token"] == token


@pytest.mark.parametrize("text", ["ROOM", "DISCARD", "FAILOVER:PIPE", "NAMED-PIPE:x"])
def test_our_own_are_unknown_strictly(text: str):
    read(text)
    with pytest.raises(SpecError, match="unknown address"):
        read(text, strict=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TUN:10.0.0.1/24", "TUN makes a virtual network interface"),
        ("udplite4:h:1", "udplite4 is UDP-Lite"),
        ("READLINE", "READLINE edits lines in a terminal"),
        ("VSOCK:2:80,fork", "VSOCK is the socket between"),
    ],
)
def test_what_is_not_done_is_explained(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DUAL:PIPE", "two addresses are wanted: DUAL:'READ':'WRITE'"),
        ("FAILOVER", "targets is missing"),
        ("FAN-OUT:PIPE,answering=2", "there is no target of this number"),
        ("FAILOVER:'TPC:a:1'", "unknown address"),
    ],
)
def test_what_is_wrong_with_several(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert said in caught.value.message
    assert text[int(caught.value.facts["position"]) :]


def test_all_that_is_said_of_it():
    said = read_whole("FAILOVER:'TCP:a:1,nodelay':'TCP:b:1,quickack',check=2").finish()
    assert [(each.token, each.kind) for each in said] == [
        ("check=2", "native"),
        ("nodelay", "native"),
        ("quickack", "ignored"),
    ]


def test_addresses_within_addresses_end_somewhere():
    text = "PIPE"
    for _ in range(9):
        text = "FAILOVER:'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    with pytest.raises(SpecError, match="too deep"):
        read(text)


def test_what_a_spec_refuses_is_told_with_the_address():
    with pytest.raises(SpecError) as caught:
        read("TCP:a.onion:1")
    assert caught.value.code is ErrorCode.NAME_NOT_RESOLVABLE_HERE
    assert caught.value.message.startswith("TCP: ")
    assert caught.value.facts["token"] == "TCP"
