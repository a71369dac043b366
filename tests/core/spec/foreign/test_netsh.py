"""Port forwards of Windows as relays."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.netsh import read_netsh
from bascule.spec.foreign.shell import read_calls
from bascule.spec.foreign.words import whole
from bascule.spec.relays import RelaySpec


def relay(text: str) -> RelaySpec:
    (call,) = read_calls(whole(text), "cmd")
    (found,) = read_netsh(call, "linux")
    assert found.relay is not None
    return found.relay


@pytest.mark.parametrize(
    "text",
    [
        "netsh interface portproxy add v4tov4 listenport=80 connectport=90 connectaddress=web",
        "netsh int portproxy add v4tov4 80 web 90",
        "netsh -c interface portproxy set v4tov4 listenp=80 ^\n connectp=90 connecta=web pro=tcp",
        "netsh int portproxy add v4tov4 listenport=80 listenaddress=* connectport=90 connecta=web",
    ],
)
def test_a_forward(text: str) -> None:
    spec = relay(text)
    assert isinstance(spec.source, TcpListen)
    assert isinstance(spec.target, TcpConnect)
    assert (spec.source.host, spec.source.port) == ("0.0.0.0", 80)
    assert (spec.target.host, spec.target.port, spec.target.family) == ("web", 90, "ipv4")


def test_what_is_left_out_is_this_computer_and_the_same_port() -> None:
    spec = relay("netsh interface portproxy add v6tov4 listenport=80 listenaddress=10.0.0.1")
    assert isinstance(spec.target, TcpConnect)
    assert (spec.target.host, spec.target.port) == ("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("netsh wlan show profiles", "netsh"),
        ("netsh interface portproxy show all", "show"),
        ("netsh interface portproxy add v4tov5 listenport=80", "v4tov5"),
        ("netsh interface portproxy add v4tov4 connectport=80", "v4tov4"),
        ("netsh interface portproxy add v4tov4 listenport=80000", "80000"),
        ("netsh interface portproxy add v4tov4 listenport=80 colour=red", "colour"),
        ("netsh interface portproxy add v4tov4 80 web 90 * tcp six", "six"),
        ("netsh interface portproxy add v4tov4 80 web 90 * udp", "udp"),
        ("netsh interface portproxy add v4tov4 listenport=%P%", "%P%"),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(text: str, token: str) -> None:
    with pytest.raises(SpecError) as caught:
        relay(text)
    assert text.startswith(token, int(caught.value.facts["position"]))
