"""A relay as a service; systemd itself reads it in tests/interop/test_exports_as_services.py."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from bascule.errors import SpecError
from bascule.spec.datagrams import UdpListen
from bascule.spec.endpoints import ProxyHop, SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.ends import Dual, FanOut
from bascule.spec.export.exported import LossKind
from bascule.spec.export.systemd import write_systemd
from bascule.spec.local import File, Program, Standard
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from tests.helpers.specs import names

PLAIN = RelaySpec(TcpListen(8080), TcpConnect("h", 1))


def words(relay: RelaySpec, name: str = "x") -> list[str]:
    """The words of the command as systemd.service(5) says they are read."""
    text = write_systemd(relay, name).text
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    found: list[str] = []
    for quoted, bare in re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', line):
        raw = re.sub(r"\\x([0-9a-f]{2})", lambda each: f"\\{each[1]}", quoted) if quoted else bare
        plain = re.sub(
            rb"\\([0-9a-f]{2})|\\(.)",
            lambda each: bytes([int(each[1], 16)]) if each[1] else each[2],
            raw.encode(),
        ).decode()
        found.append(plain.replace("%%", "%").replace("$$", "$"))
    return found


def settings(relay: RelaySpec) -> list[str]:
    return write_systemd(relay, "x").text.splitlines()


def test_socat_where_it_can_do_all():
    program, *rest = words(PLAIN)
    assert program == "socat"
    assert parse_command(rest, strict=True).relay == PLAIN


def test_else_bascule_so_that_nothing_is_lost():
    relay = replace(PLAIN, connections_per_client=2, retry_first_seconds=9.0)
    program, verb, *rest = words(relay)
    assert (program, verb) == ("bascule", "relay")
    assert parse_command(rest).relay == relay
    assert [loss.kind for loss in write_systemd(relay, "x").lost] == [LossKind.BASCULE]
    text = write_systemd(relay, "x", bascule="/opt/it's here/bascule").text
    assert 'ExecStart="/opt/it\'s here/bascule" relay' in text


@given(names)  # a command of spaces is none
def test_any_command_and_any_name_come_back(text: str):
    relay = replace(PLAIN, target=Program(command=text, interpreter="system"))
    rest = words(relay, text)
    found = parse_command(rest[1:] if rest[0] == "socat" else rest[2:])
    assert found.relay == relay
    unit = write_systemd(relay, text).text.splitlines()
    assert sum(line.startswith("Description=") for line in unit) == 1
    assert not any(line.endswith("\\") for line in unit if not line.startswith("#"))


def test_it_is_started_again_unless_once_is_enough():
    assert "Restart=always" in settings(PLAIN)
    assert "Restart=no" in settings(replace(PLAIN, once=True))


def test_it_may_do_what_it_must():
    assert "DynamicUser=yes" in settings(PLAIN)
    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" not in settings(PLAIN)
    for relay in (
        replace(PLAIN, source=UdpListen(port=53)),
        replace(PLAIN, target=TcpConnect("h", 1, low_port=True)),
    ):
        assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in settings(relay)
    serial = settings(replace(PLAIN, target=SerialPort("/dev/x")))
    assert "SupplementaryGroups=dialout" in serial


@pytest.mark.parametrize(
    "relay",
    [
        replace(PLAIN, source=TcpListen(1, tls=ServerTls("/c", "/k"))),
        replace(PLAIN, target=Program(command="true")),
        replace(PLAIN, target=Dual(reading=File(path="/a"), writing=File(path="/b"))),
    ],
)
def test_who_reads_its_files_is_to_be_said(relay: RelaySpec):
    found = write_systemd(relay, "x")
    assert found.lost[-1].kind is LossKind.ACCOUNT
    assert "DynamicUser" not in found.text


def test_passwords_are_to_be_written_by_hand():
    hop = ProxyHop("http", "proxy.example", 3128, "me", "reference")
    for more, kinds in (({}, []), ({"connections_per_client": 2}, [LossKind.BASCULE])):
        relay = replace(PLAIN, target=TcpConnect("h.example", 1, via=(hop,)), **more)
        assert "PASSWORD" in " ".join(words(relay))
        lost = write_systemd(relay, "x").lost
        assert [loss.kind for loss in lost] == [*kinds, LossKind.PASSWORD]


def test_nobody_is_there_to_type_a_passphrase():
    tls = ServerTls("/c", "/k", key_passphrase="reference")
    found = words(replace(PLAIN, source=TcpListen(80, tls=tls)))
    assert found[0] == "bascule"
    assert "keypass=PASSWORD" in " ".join(found)


def test_what_belongs_to_a_program_in_the_foreground_is_refused():
    for target in (Standard(), FanOut(targets=(Standard(),))):
        with pytest.raises(SpecError, match="a service has no such end"):
            write_systemd(replace(PLAIN, target=target), "x")
