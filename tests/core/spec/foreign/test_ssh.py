"""Forwards of ssh: what is done with a program end, and what is explained."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpListen, UnixListen
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.shell import read_calls
from bascule.spec.foreign.ssh import is_forward, read_ssh
from bascule.spec.foreign.words import whole
from bascule.spec.local import Program, Standard


def found(text: str, shell: str = "posix") -> list[Found]:
    (call,) = read_calls(whole(text), shell)
    return read_ssh(call, "linux")


@pytest.mark.parametrize(
    ("text", "host", "port", "command"),
    [
        ("ssh -L 8080:web:80 me@gw", "127.0.0.1", 8080, "-W web:80 me@gw"),
        ("ssh me@gw -fNL 8080:web:80", "127.0.0.1", 8080, "-W web:80 me@gw"),
        ("ssh -g -L 8080:web:80 gw", "0.0.0.0", 8080, "-W web:80 gw"),
        ("ssh -L '*:8080:[::1]:80' gw", "0.0.0.0", 8080, "-W '[::1]:80' gw"),
        ("ssh -L localhost:8080:web:http gw", "127.0.0.1", 8080, "-W web:80 gw"),
        ("ssh -p 22 -J a,b -L 1:web:80 gw ls -l", "127.0.0.1", 1, "-p 22 -J a,b -W web:80 gw"),
        ("autossh -M 0 -L 1:web:80 gw", "127.0.0.1", 1, "-W web:80 gw"),
    ],
)
def test_a_forward_runs_an_ssh_for_each_connection(
    text: str, host: str, port: int, command: str
) -> None:
    (made,) = found(text)
    assert made.relay is not None
    assert isinstance(made.relay.source, TcpListen)
    assert (made.relay.source.host, made.relay.source.port) == (host, port)
    assert made.runs == (f"ssh -o BatchMode=yes {command}",)
    assert any("key" in each.text for each in made.verdicts if each.matters)


def test_several_forwards_are_several_relays() -> None:
    one, two = found("ssh -L 1:a:1 -L /tmp/s:b:2 gw")
    assert one.relay is not None and two.relay is not None
    assert isinstance(two.relay.source, UnixListen)
    assert two.runs == ("ssh -o BatchMode=yes -W b:2 gw",)


def test_plink_has_words_of_its_own() -> None:
    (made,) = found("plink.exe -ssh -batch -P 22 -pw hunter2 -L 8080:web:80 me@gw", "cmd")
    assert made.runs == ("plink -batch -nc web:80 -ssh -P 22 me@gw",)
    assert "hunter2" not in repr(made)
    assert {"-ssh", "-batch", "-P 22", "-pw"} <= {each.token for each in made.verdicts}
    (made,) = found("plink -nc web:80 gw")
    assert made.relay is not None
    assert isinstance(made.relay.source, Standard)


def test_what_plink_needs_to_reach_its_gateway_is_kept() -> None:
    (made,) = found("plink -load office -noagent -hostkey SHA256:x -L 1:web:80 gw")
    assert made.runs == ("plink -batch -nc web:80 -noagent -load office -hostkey SHA256:x gw",)
    said = {each.token: each.kind for each in made.verdicts}
    assert said["-hostkey SHA256:x"] == said["-load office"] == said["-noagent"] == "native"


def test_a_path_with_spaces_is_quoted_for_windows() -> None:
    (made,) = found('plink.exe -i "C:\\my keys\\id.ppk" -L 1:web:80 gw', "cmd")
    assert made.runs == (r'plink -batch -nc web:80 -i "C:\my keys\id.ppk" gw',)


def test_standard_input_through_a_gateway() -> None:
    (made,) = found("cat x | ssh -W web:80 gw")
    assert made.relay is not None
    assert isinstance(made.relay.source, Program)
    assert made.relay.once


def test_what_is_no_forward() -> None:
    (call,) = read_calls(whole("ssh -p 22 host ls"), "posix")
    assert not is_forward(call)
    (call,) = read_calls(whole("ssh -NL 1:a:1 host"), "posix")
    assert is_forward(call)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("ssh -D 1080 gw", "1080"),
        ("ssh -R 80:web:80 gw", "80:web:80"),
        ("ssh gw", "ssh"),
        ("ssh", "ssh"),
        ("ssh -L 8080:web gw", "8080:web"),
        ("ssh -L 8080:/run/x gw", "8080:/run/x"),
        ("ssh -L 8080:web:99999 gw", "99999"),
        ("ssh -W web gw", "web"),
        ("ssh -L 1:a:1 -- -oProxyCommand=x", "-oProxyCommand=x"),
        ("ssh -L $X gw", "$X"),
    ],
)
def test_what_cannot_be_done_is_explained_where_it_stands(text: str, token: str) -> None:
    with pytest.raises(SpecError) as caught:
        found(text)
    assert text.startswith(token, int(caught.value.facts["position"]))
