"""Commands of socat, with what stands around them in the shell."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import TcpListen
from bascule.spec.ends import Dual
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.read import read_text
from bascule.spec.foreign.shell import read_calls
from bascule.spec.foreign.socat import read_socat
from bascule.spec.foreign.words import whole
from bascule.spec.local import File, Program
from bascule.spec.relays import RelaySpec


def found(text: str, shell: str = "posix") -> Found:
    (call,) = read_calls(whole(text), shell)
    return read_socat(call, "linux")[0]


def relay(text: str, shell: str = "posix") -> RelaySpec:
    spec = found(text, shell).relay
    assert spec is not None
    return spec


def test_what_comes_from_a_pipe_is_a_program() -> None:
    spec = relay("printf hi | socat - TCP:web:80")
    assert spec.source == Program(command="printf hi", interpreter="system", joined_by="pipes")
    assert spec.direction == "up"
    assert found("printf hi | socat - TCP:web:80").runs == ("printf hi",)


def test_what_goes_into_a_pipe_is_a_program() -> None:
    spec = relay("socat -u TCP-LISTEN:514,fork - | tee log")
    assert isinstance(spec.target, Program)
    assert (spec.target.command, spec.direction, spec.once) == ("tee log", "up", False)


def test_both_pipes_and_files() -> None:
    spec = relay("socat - TCP:web:80 < in > out")
    assert isinstance(spec.source, Dual)
    assert spec.source.reading == File(path="in", way="read")
    assert spec.source.writing == File(path="out", way="write", create=True, truncate=True)
    spec = relay("socat -u TCP-LISTEN:80 - >> log")
    assert spec.target == File(path="log", way="write", create=True, append=True)


def test_a_pipe_that_the_command_does_not_use_is_said() -> None:
    (verdict,) = [each for each in found("date | socat TCP-L:80 TCP:a:1").verdicts if each.matters]
    assert verdict.token == "date"
    with pytest.raises(SpecError, match="does not use"):
        found("socat -u - TCP:web:80 > out")


def test_a_loop_keeps_one_connection_at_a_time() -> None:
    spec = relay("while true; do socat TCP-LISTEN:80 TCP:web:80; done")
    assert (spec.once, spec.max_connections) == (False, 1)
    spec = relay("while true; do socat UDP:a:1 TCP:web:80; done")
    assert (spec.once, spec.max_connections) == (False, 0)


def test_the_port_of_a_container_is_that_of_the_computer() -> None:
    source = relay("docker run -p 127.0.0.1:8080:80 alpine/socat TCP-LISTEN:80,fork TCP:w:1").source
    assert isinstance(source, TcpListen)
    assert (source.host, source.port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize(("publish", "whole"), [("127.0.0.1:8080:80", False), ("8080:80", True)])
def test_it_is_not_said_that_a_port_is_open_which_is_not(publish: str, whole: bool) -> None:
    text = f"docker run -p {publish} alpine/socat TCP-LISTEN:80,fork TCP:w:1"
    (found,) = read_text(text).found
    said = " ".join(each.text for each in found.verdicts)
    assert ("It listens on the whole network" in said) is whole


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("socat TCP-LISTEN:80,fork TCPP:web:80", "TCPP"),
        ("sudo socat 'TCP-LISTEN:80',frok TCP:web:80", "frok"),
        ('sh -c "socat TCP-LISTEN:99999 TCP:web:80"', "99999"),
        ("socat - 'EXEC:a b', TCP:a:1 x", "TCP"),
    ],
)
def test_where_reading_stopped_is_a_place_in_the_text(text: str, token: str) -> None:
    with pytest.raises(SpecError) as caught:
        found(text)
    assert text.startswith(token, int(caught.value.facts["position"]))
    assert caught.value.facts["why"]


@pytest.mark.parametrize(
    "text", ["socat - TCP:$H:80", "socat - ~/log", "date | socat - UDP:a:1 >$X"]
)
def test_what_is_not_in_the_text_is_missing(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        found(text)
    assert caught.value.code is ErrorCode.VALUE_MISSING


def test_a_command_without_addresses() -> None:
    with pytest.raises(SpecError) as caught:
        found("socat")
    assert caught.value.facts["position"] == 5


def test_windows_paths_stay_whole() -> None:
    spec = relay(r"socat.exe -u TCP-LISTEN:80 OPEN:C:\new\table.txt,creat", "cmd")
    assert isinstance(spec.target, File)
    assert spec.target.path == r"C:\new\table.txt"
