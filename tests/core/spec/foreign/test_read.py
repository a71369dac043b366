"""What people paste, as relays."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.read import read_text


def test_a_command_of_socat_becomes_a_relay() -> None:
    (found,) = read_text("socat TCP-LISTEN:8080,fork TCP:intranet.example:80").found
    assert found.program == "socat"
    assert found.problem is None
    assert found.relay is not None
    assert isinstance(found.relay.source, TcpListen)
    assert found.relay.source.port == 8080
    assert isinstance(found.relay.target, TcpConnect)
    assert (found.relay.target.host, found.relay.target.port) == ("intranet.example", 80)
    assert found.runs == ()


def test_what_would_run_is_said_word_for_word() -> None:
    (found,) = read_text("socat TCP-LISTEN:7,fork EXEC:'/bin/cat -u'").found
    assert found.runs == ("/bin/cat -u",)


def test_where_reading_stopped_is_a_place_in_the_text() -> None:
    text = "socat TCP-LISTEN:7,fork TCPP:host:80"
    (found,) = read_text(text).found
    assert found.relay is None
    assert found.problem is not None
    assert found.problem.facts["position"] == text.index("TCPP")


@pytest.mark.parametrize(
    "text", ["", "  \n", "hello", "socat 'TCP", "\x00\x01\xff" * 9, "x" * 2_000_000]
)
def test_what_is_no_command_is_refused_in_words(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_text(text)
    assert "Bascule can read" in caught.value.message
