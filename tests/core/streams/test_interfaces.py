"""This computer's own addresses, as its system says them."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from bascule.streams.interfaces import network_addresses


def entry(address: str) -> SimpleNamespace:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return SimpleNamespace(family=family, address=address)


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with a few networks."""
    addresses: dict[str, list[Any]] = {
        "lo": [entry("127.0.0.1"), entry("::1")],
        "wan": [entry("203.0.113.9"), entry("2001:db8::9")],
        "lan": [entry("192.168.1.23"), entry("fe80::1%lan"), SimpleNamespace(
            family=getattr(socket, "AF_PACKET", -1), address="00:00:5e:00:53:01")],
        "zeroconf": [entry("169.254.7.7")],
        "unplugged": [entry("10.0.0.1")],
    }  # fmt: skip
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: addresses)
    states = {name: SimpleNamespace(isup=name != "unplugged") for name in addresses}
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)


@pytest.mark.usefixtures("computer")
def test_those_that_others_can_use_come_best_first():
    # The documentation's networks count as private (RFC 6890), so only the order of entry is left.
    assert set(network_addresses()) == {"192.168.1.23", "203.0.113.9"}
    assert network_addresses(with_ipv6=True)[-1] == "2001:db8::9"


@pytest.mark.usefixtures("computer")
def test_private_ones_come_before_public_ones(monkeypatch: pytest.MonkeyPatch):
    states = {name: SimpleNamespace(isup=True) for name in ("wan", "lan")}
    addresses = {"wan": [entry("8.8.8.8")], "lan": [entry("192.168.1.23")]}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: addresses)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    assert network_addresses() == ["192.168.1.23", "8.8.8.8"]


def test_each_real_one_is_an_address_of_this_computer():
    for address in network_addresses(with_ipv6=True):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as sock:
            sock.bind((address, 0))
