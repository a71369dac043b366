"""What a host is to the system: addresses without a resolver, names with one, and some never."""

from __future__ import annotations

import socket

import pytest

from bascule.errors import DialError, ErrorCode
from bascule.streams.resolving import literal, resolve
from tests.helpers.contract import soon


@pytest.mark.parametrize(
    ("host", "family", "where"),
    [
        ("192.0.2.7", socket.AF_INET, ("192.0.2.7", 80)),
        ("::1", socket.AF_INET6, ("::1", 80, 0, 0)),
    ],
)
async def test_an_address_is_what_the_system_would_make_of_it(
    host: str, family: int, where: tuple[object, ...]
):
    (found,) = literal(host, 80)
    assert (found[0], found[4]) == (family, where)
    (asked,) = await soon(resolve(host, 80, socket.AF_UNSPEC, "host"))
    assert (asked[0], asked[1], asked[4]) == (found[0], found[1], found[4])


@pytest.mark.parametrize("host", ["fe80::1%eth0", "ten.example", "127.1", ""])
def test_all_else_is_known_to_the_system_only(host: str):
    assert literal(host, 80) == []


async def test_a_name_of_this_computer_is_found():
    found = await soon(resolve("localhost", 80, socket.AF_INET, "host"))
    assert {info[4] for info in found} == {("127.0.0.1", 80)}


async def test_a_name_for_a_proxy_is_never_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: pytest.fail("asked"))
    with pytest.raises(DialError) as caught:
        await resolve("host.onion", 80, socket.AF_UNSPEC, "target.host")
    assert caught.value.code is ErrorCode.NAME_NOT_RESOLVABLE_HERE
    assert caught.value.field == "target.host"


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a" * 64 + ".example"])
async def test_a_name_that_nobody_knows(name: str):
    with pytest.raises(DialError) as caught:
        await soon(resolve(name, 80, socket.AF_UNSPEC, "target.host"))
    assert caught.value.code is ErrorCode.HOST_UNKNOWN
    assert caught.value.field == "target.host"
