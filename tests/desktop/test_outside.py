"""What must be changed outside Bascule: the exact line, or the settings of the system."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.spec.endpoints import SerialPort, ServerTls, TcpConnect, TcpListen, UnixListen
from bascule.spec.relays import RelaySpec
from bascule_desktop import outside
from bascule_desktop.messages import HintKind, explain
from bascule_desktop.outside import allow_low_ports, firewall, firewall_of, trust_of


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is all there is to find programs in."""
    outside._is_there.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    yield tmp_path
    outside._is_there.cache_clear()


def put(folder: Path, name: str) -> None:
    path = folder / name
    path.write_text("#!/bin/sh\n", "utf-8")
    path.chmod(0o755)


def test_macos_opens_its_own_settings() -> None:
    hint = firewall(2001, system="darwin")
    assert hint is not None
    assert hint.kind is HintKind.OPEN_SETTINGS
    assert hint.value.startswith("x-apple.")


def test_on_windows_the_line_is_for_an_administrator() -> None:
    hint = firewall(2001, system="win32")
    assert hint is not None
    assert hint.kind is HintKind.COPY
    assert "administrator" in hint.label
    assert hint.value == (
        'netsh advfirewall firewall add rule name="Bascule 2001" dir=in action=allow '
        "protocol=tcp localport=2001 profile=private,domain"
    )


def test_an_installed_program_opens_the_port_for_itself_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "with space" / "bascule-desktop"))
    hint = firewall(2001, system="win32")
    assert hint is not None
    engine = tmp_path / "with space" / ("bascule.exe" if sys.platform == "win32" else "bascule")
    assert hint.value.endswith(f' profile=private,domain program="{engine}"')


@pytest.mark.skipif(sys.platform == "win32", reason="programs of Linux, in a folder of Linux")
def test_on_linux_the_line_is_for_the_firewall_that_is_there(programs: Path) -> None:
    put(programs, "ufw")
    hint = firewall(2001, "udp", system="linux")
    assert hint is not None
    assert (hint.kind, hint.value) == (HintKind.COPY, "sudo ufw allow 2001/udp")


def test_who_is_reached_from_here_only_needs_no_firewall() -> None:
    target = TcpConnect("h.example", 80)
    for source in (TcpListen(2001), TcpListen(2001, "::1"), UnixListen("/x"), SerialPort("COM5")):
        assert firewall_of(RelaySpec(source, target)) is None


def test_only_who_shows_a_certificate_is_to_be_trusted() -> None:
    target = TcpConnect("h.example", 80)
    hint = trust_of(RelaySpec(TcpListen(8443, tls=ServerTls("/a.pem", "/a.key")), target))
    assert hint is not None
    assert (hint.kind, hint.value) == (HintKind.TRUST, "/a.pem")
    assert trust_of(RelaySpec(TcpListen(8080), target)) is None
    assert trust_of(RelaySpec(SerialPort("COM5"), target)) is None


def test_the_line_for_a_low_port_is_one_that_the_system_knows() -> None:
    (hint,) = allow_low_ports(80, system="linux")
    rule = hint.value.split()[1]
    assert rule == "net.ipv4.ip_unprivileged_port_start=80"
    if sys.platform == "linux":
        assert Path("/proc/sys", rule.partition("=")[0].replace(".", "/")).is_file()
        first = hint.value.partition("|")[0]
        assert subprocess.check_output(["sh", "-c", first], text=True).strip() == rule
    assert allow_low_ports(80, system="win32") == ()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has capabilities of files")
def test_a_program_of_its_own_may_be_allowed_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is run on a program in a folder that a shell would take for two words."""
    program = tmp_path / "my programs" / "bascule"
    program.parent.mkdir()
    program.write_bytes(Path("/bin/true").read_bytes())
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program.with_name("bascule-desktop")))
    alone, everybody = allow_low_ports(80)
    sudo, _, line = alone.value.partition(" ")
    assert (sudo, everybody.value.split()[0]) == ("sudo", "echo")
    words = subprocess.check_output(["sh", "-c", f"printf '%s\\n' {line}"], text=True).splitlines()
    assert words == ["setcap", "cap_net_bind_service=+ep", str(program)]
    said = explain(Problem(ErrorCode.ADDRESS_FORBIDDEN, "for the log", "source.port", {"port": 80}))
    assert said.others == (alone, everybody)
    assert "one of these lines" in said.action


def test_a_taken_port_offers_to_show_the_program_that_has_it() -> None:
    facts = {"port": 80, "program": "nginx", "pid": 8, "program_path": "/usr/sbin/nginx"}
    said = explain(Problem(ErrorCode.ADDRESS_IN_USE, "for the log", "source.port", facts))
    (shown,) = said.others
    assert shown.kind is HintKind.OPEN_FOLDER
    assert shown.value == "/usr/sbin/nginx"
    assert "nginx" in shown.label
