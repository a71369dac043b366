"""Groups and interfaces as people write them, and what the system has joined then."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.streams import multicast
from bascule.streams.multicast import Multicast, interface_number, join, parse_group

LO = socket.if_nametoindex("lo")


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
def sock(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(request.param, socket.SOCK_DGRAM) as sock:
        yield sock


@pytest.mark.parametrize(
    ("text", "group", "interface"),
    [
        ("239.1.2.3", "239.1.2.3", ""),
        (" 239.1.2.3 ", "239.1.2.3", ""),
        ("239.1.2.3:eth0", "239.1.2.3", "eth0"),
        ("239.1.2.3:10.0.0.1", "239.1.2.3", "10.0.0.1"),
        ("239.1.2.3%eth0", "239.1.2.3", "eth0"),
        ("ff02::1", "ff02::1", ""),
        ("ff02::1%eth0", "ff02::1", "eth0"),
        ("[ff02::1]", "ff02::1", ""),
        ("[ff02::1]:eth0", "ff02::1", "eth0"),
        ("[ff02::1]:fe80::7", "ff02::1", "fe80::7"),
        ("[ff02::1%eth0]", "ff02::1", "eth0"),
    ],
)
def test_a_group_and_its_interface(text: str, group: str, interface: str):
    assert parse_group(text, "groups") == (ipaddress.ip_address(group), interface)


@pytest.mark.parametrize("text", ["", "10.0.0.1", "::1", "[ff02:", "eth0", "239.1.2:eth0"])
def test_what_is_no_group(text: str):
    with pytest.raises(SpecError) as caught:
        parse_group(text, "target.groups.0")
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert caught.value.field == "target.groups.0"
    assert caught.value.facts["rule"] == "group"
    assert caught.value.facts["entry"] == text


@pytest.mark.parametrize("interface", ["lo", "127.0.0.1", "::1", str(LO)])
def test_an_interface_by_name_address_or_number(interface: str):
    assert interface_number(interface, "groups") == LO


@pytest.mark.parametrize("interface", ["x9", "203.0.113.1", "lo\0", "2001:db8::9"])
def test_what_is_no_interface(interface: str):
    with pytest.raises(SpecError) as caught:
        interface_number(interface, "target.multicast_interface")
    assert caught.value.field == "target.multicast_interface"
    assert caught.value.facts["rule"] == "interface"


@pytest.mark.parametrize("interface", ["lo", "127.0.0.1"])
def test_a_group_of_ipv4_is_joined(interface: str):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        join(sock, f"239.255.77.3:{interface}", "groups")
        assert "034DFFEF" in Path("/proc/net/igmp").read_text()
        assert sock.getsockopt(socket.IPPROTO_IP, 49) == 0  # only what was joined here
    assert "034DFFEF" not in Path("/proc/net/igmp").read_text()


@pytest.mark.parametrize("interface", ["lo", "::1"])
def test_a_group_of_ipv6_is_joined(interface: str):
    listed = "ff020000000000000000000000000078"
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        join(sock, f"[ff02::78]:{interface}", "groups")
        assert listed in Path("/proc/net/igmp6").read_text()
        assert sock.getsockopt(socket.IPPROTO_IPV6, 29) == 0
    assert listed not in Path("/proc/net/igmp6").read_text()


def test_the_system_may_choose_the_interface():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        with contextlib.suppress(OSError):  # where none carries groups of IPv6
            join(sock, "ff02::79", "groups")


@pytest.mark.parametrize("other", ["linux", "darwin"])
def test_elsewhere_a_socket_hears_only_its_groups_anyway(
    other: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", other)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        join(sock, "239.255.77.4:lo", "groups")
        assert sock.getsockopt(socket.IPPROTO_IP, 49) == (0 if other == "linux" else 1)


def test_how_it_is_sent(sock: socket.socket):
    Multicast("lo", hop_limit=7, loop=False).set_on(sock, "multicast_interface")
    if sock.family == socket.AF_INET6:
        level = socket.IPPROTO_IPV6
        assert sock.getsockopt(level, socket.IPV6_MULTICAST_HOPS) == 7
        assert sock.getsockopt(level, socket.IPV6_MULTICAST_LOOP) == 0
        assert sock.getsockopt(level, socket.IPV6_MULTICAST_IF) == LO
    else:
        level = socket.IPPROTO_IP
        assert sock.getsockopt(level, socket.IP_MULTICAST_TTL) == 7
        assert sock.getsockopt(level, socket.IP_MULTICAST_LOOP) == 0


def test_the_system_chooses_by_which_interface_it_is_sent(sock: socket.socket):
    Multicast().set_on(sock, "multicast_interface")
    if sock.family == socket.AF_INET6:
        assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF) == 0
    else:
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF) == 0


class Recorded:
    """What a system that is not here would be told."""

    family = socket.AF_INET

    def __init__(self) -> None:
        self.said: dict[int, object] = {}

    def setsockopt(self, _level: int, option: int, value: object) -> None:
        self.said[option] = value


@pytest.mark.parametrize(
    ("interface", "said"),
    [
        ("", bytes(4)),
        ("10.0.0.7", bytes([10, 0, 0, 7])),
        ("Ethernet 2", bytes([192, 168, 7, 9])),  # as Windows shows it
        ("12", struct.pack("!I", 12)),  # "0.0.0.12" is the interface of that number
    ],
)
def test_what_windows_is_told(interface: str, said: bytes, monkeypatch: pytest.MonkeyPatch):
    def addresses() -> Iterator[tuple[str, object]]:
        yield "Ethernet 1", ipaddress.ip_address("192.168.7.8")
        yield "Ethernet 2", ipaddress.ip_address("fe80::1")
        yield "Ethernet 2", ipaddress.ip_address("192.168.7.9")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(multicast, "_addresses", addresses)
    sock = Recorded()
    join(sock, f"239.1.2.3:{interface}", "groups")  # type: ignore[arg-type]
    assert sock.said == {socket.IP_ADD_MEMBERSHIP: bytes([239, 1, 2, 3]) + said}
    if interface:
        sock = Recorded()
        Multicast(interface).set_on(sock, "multicast_interface")  # type: ignore[arg-type]
        assert sock.said[socket.IP_MULTICAST_IF] == said


def test_an_interface_without_an_address_is_none_to_windows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SpecError):
        join(Recorded(), "239.1.2.3:x9", "groups")  # type: ignore[arg-type]


def test_hardware_addresses_are_passed_over():
    kinds = {each.family for all_ in psutil.net_if_addrs().values() for each in all_}
    assert kinds - {socket.AF_INET, socket.AF_INET6}  # there are some
    assert interface_number("127.0.0.1", "groups") == LO
