"""Addresses as people and rules read them, and what a listener and a dialer do by default."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.memory import memory_pair


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address("10.0.0.1", 80), "10.0.0.1:80"),
        (Address("::1", 80), "[::1]:80"),
        (Address("fe80::1%eth0", 80), "[fe80::1%eth0]:80"),
        (Address("db.example", 5432), "db.example:5432"),
        (Address("/run/x"), "/run/x"),
        (Address("COM5"), "COM5"),
        (Address("::1"), "::1"),
    ],
)
def test_an_address_in_words(address: Address, text: str):
    assert str(address) == text


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::ffff:a00:1", "10.0.0.1"),
        ("::10.0.0.1", "::10.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
    ],
)
def test_an_address_for_rules(host: str, ip: str):
    assert Address(host, 1).ip == ip_address(ip)


@pytest.mark.parametrize("host", ["", "db.example", "/run/x", "COM5", "10.0.0.256", "%eth0"])
def test_what_is_no_ip_address(host: str):
    assert Address(host).ip is None


@given(st.text())
def test_any_name_is_an_ip_address_or_none(host: str):
    ip = Address(host).ip
    assert ip is None or ip_address(str(ip)) == ip


class Plain(Listener, Dialer):
    label = "plain"

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return ()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        progress(StageResult(Stage.CONNECT, self.label, done=True))
        return memory_pair()[0]

    async def aclose(self) -> None:
        pass


async def test_by_default_an_arrival_is_welcome_as_it_is_and_nothing_is_known_beforehand():
    plain = Plain()
    stream = await plain.dial()
    assert await plain.welcome(stream) is stream
    await plain.check()
    assert stream.can_half_close
